//! The folder of translation models: what is there, putting one in, taking one out.
//!
//! A model is a folder of three or four files of a Firefox translation model; its name begins with the pair
//! (`en-pt`, or `enpt-1693087644` as it is found in packages). Nothing is downloaded here.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

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
        "{0}: no translation model here: it needs model.*.bin and vocab.*.spm, and a folder name such as en-pt"
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
    let not_a_model = || ModelError::NotAModel(folder.to_owned());
    let (from, to) = pair(folder).ok_or_else(not_a_model)?;
    let files: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(disk(folder))?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    let find = |start: &str, end: &str| {
        let named = |path: &&PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
            name.starts_with(start) && name.ends_with(end)
        };
        files.iter().find(named).cloned()
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
fn pair(folder: &Path) -> Option<(Language, Language)> {
    let name = folder.file_name()?.to_str()?;
    let head = match name.split(['-', '_']).next()? {
        head if head.len() == 4 => head.to_owned(),
        head => format!("{head}{}", name.get(head.len() + 1..head.len() + 3)?),
    };
    let (from, to) = head.split_at_checked(2)?;
    Some((Language::parse(from).ok()?, Language::parse(to).ok()?))
}

/// Copies a model, or every model of a folder, into the folder of models. Readers see it whole or not at all.
pub fn add(folder: &Path, source: &Path) -> Result<Vec<Model>, ModelError> {
    let found = match read(source) {
        Ok(model) => vec![model],
        Err(ModelError::NotAModel(_)) => list(source)?,
        Err(error) => return Err(error),
    };
    if found.is_empty() {
        return Err(ModelError::NotAModel(source.to_owned()));
    }
    found.iter().map(|model| keep(folder, model)).collect()
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
        let Some(name) = file.file_name() else {
            continue;
        };
        let copy = fresh.join(name);
        fs::copy(file, &copy).map_err(disk(file))?;
        fs::File::open(&copy).and_then(|copy| copy.sync_all()).map_err(disk(file))?;
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
}
