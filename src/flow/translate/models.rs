//! The folder of translation models: what is there, putting one in, taking one out.
//!
//! A model is a folder of three or four files of a Firefox translation model; its name begins with the pair
//! (`en-pt`, or `enpt-1693087644` as it is found in packages). Where models are published each file is packed by itself
//! (`.gz`, `.zst`); what is added is unpacked. Nothing is downloaded here.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use serde::Serialize;

use crate::ground::language::Language;

/// A model that can be loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Model {
    pub from: Language,
    pub to: Language,
    pub model: PathBuf,
    pub source_vocabulary: PathBuf,
    pub target_vocabulary: PathBuf,
    /// Halves the time of a sentence and keeps short ones sane; not every model has it.
    pub shortlist: Option<PathBuf>,
    pub size_bytes: u64,
}

/// Why a folder is no model, or could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error(
        "{0}: no translation model here: it needs model.*.bin and vocab.*.spm (or packed: .gz, .zst), and a folder name such as en-pt"
    )]
    NotAModel(PathBuf),
    #[error("there is no model from {0} to {1}")]
    Unknown(Language, Language),
    #[error("{path}: {error}")]
    Disk { path: PathBuf, error: io::Error },
}

fn disk(path: &Path) -> impl FnOnce(io::Error) -> ModelError + '_ {
    |error| ModelError::Disk { path: path.to_owned(), error }
}

/// The models of a folder, by pair; a folder that is not there holds none.
pub fn list(folder: &Path) -> Result<Vec<Model>, ModelError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(disk(folder)(error)),
    };
    let mut models: Vec<Model> =
        entries.filter_map(Result::ok).filter_map(|entry| read(&entry.path()).ok()).collect();
    models.sort_by_key(|model| (model.from, model.to));
    models.dedup_by_key(|model| (model.from, model.to));
    Ok(models)
}

/// The model in one folder.
pub fn read(folder: &Path) -> Result<Model, ModelError> {
    let name = folder.file_name().and_then(|name| name.to_str());
    model_in(folder, name.and_then(pair), &[""])
}

/// How a file may be packed; what is not is preferred.
const PACKED: &[&str] = &["", ".zst", ".gz"];

/// The model in one folder, its files with one of these endings.
fn model_in(
    folder: &Path,
    pair: Option<(Language, Language)>,
    packed: &[&str],
) -> Result<Model, ModelError> {
    model_of(folder, pair, packed, None)
}

/// Of the files which have this part in their names.
fn model_of(
    folder: &Path,
    pair: Option<(Language, Language)>,
    packed: &[&str],
    part: Option<&str>,
) -> Result<Model, ModelError> {
    let not_a_model = || ModelError::NotAModel(folder.to_owned());
    let (from, to) = pair.ok_or_else(not_a_model)?;
    let files: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(disk(folder))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    let find = |start: &str, end: &str| {
        let named = |path: &Path, packed: &str| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
            let plain = name.strip_suffix(packed).unwrap_or("");
            let is_of_pair = part.is_none_or(|part| plain.split('.').any(|one| one == part));
            plain.starts_with(start) && plain.ends_with(end) && is_of_pair
        };
        packed.iter().find_map(|packed| files.iter().find(|path| named(path, packed)).cloned())
    };
    let model = find("model.", ".bin").ok_or_else(not_a_model)?;
    let shared = find("vocab.", ".spm");
    let source_vocabulary =
        find("srcvocab.", ".spm").or_else(|| shared.clone()).ok_or_else(not_a_model)?;
    let target_vocabulary = find("trgvocab.", ".spm").or(shared).ok_or_else(not_a_model)?;
    let size = |path: &Path| fs::metadata(path).map(|data| data.len()).unwrap_or(0);
    let size_bytes = files.iter().map(|path| size(path)).sum();
    Ok(Model {
        from,
        to,
        model,
        source_vocabulary,
        target_vocabulary,
        shortlist: find("lex.", ".bin"),
        size_bytes,
    })
}

/// `en-pt`, `en_pt`, `enpt`, `enpt-1693087644`.
fn pair(name: &str) -> Option<(Language, Language)> {
    let head = match name.split(['-', '_']).next()? {
        head if head.len() == 4 => head.to_owned(),
        head => format!("{head}{}", name.get(head.len() + 1..head.len() + 3)?),
    };
    let (from, to) = head.split_at_checked(2)?;
    Some((Language::parse(from).ok()?, Language::parse(to).ok()?))
}

/// Puts a model, or every model of a folder, into the folder of models, unpacked. Readers see it whole or not at all.
/// A file stands for the model it belongs to: what lies beside it.
pub fn add(folder: &Path, source: &Path) -> Result<Vec<Model>, ModelError> {
    let found = if source.is_file() { vec![beside(source)?] } else { all_in(source)? };
    if found.is_empty() {
        return Err(ModelError::NotAModel(source.to_owned()));
    }
    found.iter().map(|model| keep(folder, model)).collect()
}

/// The model a file belongs to. Its name has the pair where the folder's has not: `model.enpt.intgemm.alphas.bin.gz`.
fn beside(file: &Path) -> Result<Model, ModelError> {
    let named = |path: Option<&Path>| path?.file_name()?.to_str().map(str::to_owned);
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let name = named(Some(file)).unwrap_or_default();
    // Models of several pairs may lie in one folder; only files with this part in their names are of this one.
    let part = name.split('.').find(|part| part.len() == 4 && pair(part).is_some());
    let found = part.and_then(pair).or_else(|| named(folder).as_deref().and_then(pair));
    model_of(folder.unwrap_or(Path::new(".")), found, PACKED, part)
}

fn all_in(source: &Path) -> Result<Vec<Model>, ModelError> {
    let named = |path: &Path| path.file_name().and_then(|name| name.to_str()).and_then(pair);
    match model_in(source, named(source), PACKED) {
        Ok(model) => return Ok(vec![model]),
        Err(ModelError::NotAModel(_)) => {}
        Err(error) => return Err(error),
    }
    let folders = fs::read_dir(source).map_err(disk(source))?.filter_map(Result::ok);
    let folders = folders.map(|entry| entry.path());
    let mut found: Vec<Model> =
        folders.filter_map(|path| model_in(&path, named(&path), PACKED).ok()).collect();
    found.sort_by_key(|model| (model.from, model.to));
    found.dedup_by_key(|model| (model.from, model.to));
    Ok(found)
}

/// Copies a file, unpacked.
fn unpack(file: &Path, folder: &Path) -> io::Result<()> {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let packed = PACKED.iter().filter(|end| !end.is_empty()).find(|end| name.ends_with(**end));
    let plain = name.strip_suffix(packed.copied().unwrap_or("")).unwrap_or(name);
    let mut from = io::BufReader::new(File::open(file)?);
    let mut to = File::create(folder.join(plain))?;
    match packed {
        Some(&".gz") => io::copy(&mut MultiGzDecoder::new(from), &mut to)?,
        Some(_) => {
            let broken = |error| io::Error::new(io::ErrorKind::InvalidData, error);
            io::copy(&mut StreamingDecoder::new(from).map_err(broken)?, &mut to)?
        }
        None => io::copy(&mut from, &mut to)?,
    };
    to.sync_all()
}

fn keep(folder: &Path, model: &Model) -> Result<Model, ModelError> {
    let home = folder.join(format!("{}-{}", model.from, model.to));
    let fresh = folder.join(format!(".{}-{}.new", model.from, model.to));
    if fresh.exists() {
        fs::remove_dir_all(&fresh).map_err(disk(&fresh))?;
    }
    fs::create_dir_all(&fresh).map_err(disk(&fresh))?;
    let mut files = vec![&model.model, &model.source_vocabulary, &model.target_vocabulary];
    files.extend(&model.shortlist);
    for file in files {
        if let Err(error) = unpack(file, &fresh) {
            let _ = fs::remove_dir_all(&fresh);
            return Err(disk(file)(error));
        }
    }
    if home.exists() {
        fs::remove_dir_all(&home).map_err(disk(&home))?;
    }
    fs::rename(&fresh, &home).map_err(disk(&home))?;
    read(&home)
}

/// Takes a model out of the folder.
pub fn remove(folder: &Path, from: Language, to: Language) -> Result<(), ModelError> {
    let models = list(folder)?;
    let model = models.iter().find(|model| (model.from, model.to) == (from, to));
    let home = model.and_then(|model| model.model.parent()).ok_or(ModelError::Unknown(from, to))?;
    fs::remove_dir_all(home).map_err(disk(home))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn write(folder: &Path, names: &[&str]) {
        fs::create_dir_all(folder).unwrap();
        for name in names {
            fs::write(folder.join(name), name).unwrap();
        }
    }

    #[test]
    fn models_are_added_listed_and_removed() {
        let dir = tempfile::tempdir().unwrap();
        let (source, home) = (dir.path().join("from"), dir.path().join("models"));
        let files = [
            "model.enpt.intgemm.alphas.bin",
            "vocab.enpt.spm",
            "lex.50.50.enpt.s2t.bin",
            "other.txt",
        ];
        write(&source.join("enpt-1693087644"), &files);
        write(&source.join("ja-en"), &["model.jaen.bin", "srcvocab.jaen.spm", "trgvocab.jaen.spm"]);
        write(&source.join("fr-en"), &["vocab.fren.spm"]);
        assert!(list(&home).unwrap().is_empty());
        assert_eq!(add(&home, &source).unwrap().len(), 2);
        assert_eq!(add(&home, &source.join("enpt-1693087644")).unwrap().len(), 1);
        let models = list(&home).unwrap();
        let pairs: Vec<String> =
            models.iter().map(|model| format!("{}-{}", model.from, model.to)).collect();
        assert_eq!(pairs, ["en-pt", "ja-en"]);
        assert!(models[0].shortlist.is_some() && models[1].shortlist.is_none());
        remove(&home, Language::EN, Language::PT).unwrap();
        assert!(matches!(remove(&home, Language::EN, Language::PT), Err(ModelError::Unknown(..))));
        assert!(matches!(add(&home, &source.join("fr-en")), Err(ModelError::NotAModel(_))));
        assert_eq!(list(&home).unwrap().len(), 1);
    }
    #[test]
    fn packed_files_are_unpacked() {
        let dir = tempfile::tempdir().unwrap();
        let (source, home) = (dir.path().join("from"), dir.path().join("models"));
        let gz = |text: &str| {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packer.write_all(text.as_bytes()).unwrap();
            packer.finish().unwrap()
        };
        let zst = |text: &str| compress_to_vec(text.as_bytes(), CompressionLevel::Fastest);
        let put = |folder: &str, name: &str, bytes: &[u8]| {
            fs::create_dir_all(source.join(folder)).unwrap();
            fs::write(source.join(folder).join(name), bytes).unwrap();
        };
        put("enpt", "model.enpt.intgemm.alphas.bin.gz", &gz("model"));
        put("enpt", "vocab.enpt.spm.zst", &zst("words"));
        put("enpt", "lex.50.50.enpt.s2t.bin", b"list");
        put("download", "model.fren.bin.zst", &zst("model"));
        put("download", "vocab.fren.spm.gz", &gz("words"));
        let added = add(&home, &source).unwrap();
        assert_eq!(added.len(), 1, "the folder's name is no pair: {added:?}");
        assert_eq!(fs::read(home.join("en-pt/model.enpt.intgemm.alphas.bin")).unwrap(), b"model");
        assert_eq!(fs::read(home.join("en-pt/vocab.enpt.spm")).unwrap(), b"words");
        assert_eq!(fs::read(added[0].shortlist.clone().unwrap()).unwrap(), b"list");
        // Beside it lies another pair, unpacked already.
        put("download", "model.deen.bin", b"another");
        put("download", "vocab.deen.spm", b"others");
        add(&home, &source.join("download/model.fren.bin.zst")).unwrap();
        assert_eq!(fs::read(home.join("fr-en/model.fren.bin")).unwrap(), b"model");
        assert_eq!(fs::read(home.join("fr-en/vocab.fren.spm")).unwrap(), b"words");
        // Cut off, and not what its name says: nothing of it stays, what was there does.
        for (name, bytes) in [
            ("model.fren.bin.zst", &zst(&"much ".repeat(99))[..12]),
            ("model.fren.bin.zst", &b"no zstd at all"[..]),
        ] {
            put("download", name, bytes);
            let failed = add(&home, &source.join("download").join(name));
            assert!(matches!(failed, Err(ModelError::Disk { .. })), "{failed:?}");
            assert_eq!(list(&home).unwrap().len(), 2);
            assert_eq!(fs::read(home.join("fr-en/model.fren.bin")).unwrap(), b"model");
        }
        // Packed files in the folder of models itself are none that can be loaded.
        put("../models/de-en", "model.deen.bin.gz", &gz("model"));
        put("../models/de-en", "vocab.deen.spm.gz", &gz("words"));
        assert_eq!(list(&home).unwrap().len(), 2);
    }
}
