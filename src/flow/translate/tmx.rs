//! Translation memories as TMX 1.4b, which every translation tool writes and reads.
//!
//! A hidden fact (`XQ1`) is a placeholder element there (`<ph x="1">XQ1</ph>`), so that other tools keep it too.

use quick_xml::{Reader, events::Event};

use crate::ground::{facts::hidden_in, html::escape, language::Language, translation::Unit};

/// A file that is no translation memory.
#[derive(Debug, thiserror::Error)]
pub enum BadTmx {
    #[error("not well-formed XML: {0}")]
    Xml(#[from] quick_xml::Error),
    #[error("not a TMX file: its first element is not <tmx>")]
    NotTmx,
}

/// Writes units as TMX 1.4b.
pub fn write(units: &[Unit]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tmx version=\"1.4\">\n  <header creationtool=\"relais\" \
         creationtoolversion=\"1\" segtype=\"paragraph\" o-tmf=\"relais\" adminlang=\"en\" srclang=\"*all*\" \
         datatype=\"plaintext\"/>\n  <body>\n",
    );
    for unit in units {
        let by = if unit.edited { "person" } else { "engine" };
        out.push_str(&format!(
            "    <tu srclang=\"{0}\">\n      <prop type=\"x-by\">{by}</prop>\n      \
             <tuv xml:lang=\"{0}\"><seg>{1}</seg></tuv>\n      <tuv xml:lang=\"{2}\"><seg>{3}</seg></tuv>\n    </tu>\n",
            unit.from,
            segment(&unit.source),
            unit.to,
            segment(&unit.target),
        ));
    }
    out.push_str("  </body>\n</tmx>\n");
    out
}

fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (span, number) in hidden_in(text) {
        escape(&text[at..span.start], &mut out);
        out.push_str(&format!("<ph x=\"{number}\">{}</ph>", &text[span.clone()]));
        at = span.end;
    }
    escape(&text[at..], &mut out);
    out
}

/// Reads the pairs of a TMX file and how many units were skipped: those without two languages that are known here.
/// The first variant of a unit is its source unless the file names another (`srclang`).
pub fn read(text: &str) -> Result<(Vec<Unit>, usize), BadTmx> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let (mut units, mut skipped) = (Vec::new(), 0);
    let mut source = None;
    let mut open = Open::default();
    let mut is_tmx = false;
    loop {
        match reader.read_event()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "tmx" => is_tmx = true,
                _ if !is_tmx => return Err(BadTmx::NotTmx),
                "header" => source = language(&element, "srclang"),
                "tu" => {
                    open =
                        Open { source: language(&element, "srclang").or(source), ..Open::default() }
                }
                "tuv" => open.language = language(&element, "lang"),
                "seg" => open.text = Some(String::new()),
                _ => {}
            },
            Event::Empty(element) if element.local_name().as_ref() == "header" => {
                source = language(&element, "srclang");
            }
            Event::Text(piece) => open.push(&piece.xml10_content()),
            Event::CData(piece) => open.push(&piece.xml10_content()),
            Event::GeneralRef(name) => {
                let reference = format!("&{};", &*name);
                open.push(&quick_xml::escape::unescape(&reference).unwrap_or_default());
            }
            Event::End(element) => match element.local_name().as_ref() {
                "seg" => open.end_segment(),
                "tu" => match std::mem::take(&mut open).units() {
                    found if found.is_empty() => skipped += 1,
                    found => units.extend(found),
                },
                _ => {}
            },
            Event::Eof if is_tmx => return Ok((units, skipped)),
            Event::Eof => return Err(BadTmx::NotTmx),
            _ => {}
        }
    }
}

fn language(element: &quick_xml::events::BytesStart<'_>, name: &str) -> Option<Language> {
    let mut attributes = element.attributes().flatten();
    let found = attributes.find(|attribute| attribute.key.local_name().as_ref() == name)?;
    Language::parse(&found.value).ok()
}

/// A unit being read.
#[derive(Default)]
struct Open {
    source: Option<Language>,
    language: Option<Language>,
    text: Option<String>,
    variants: Vec<(Language, String)>,
}

impl Open {
    fn push(&mut self, piece: &str) {
        if let Some(text) = &mut self.text {
            text.push_str(piece);
        }
    }

    fn end_segment(&mut self) {
        let text = self.text.take().map(|text| text.trim().to_owned());
        if let (Some(language), Some(text)) = (self.language, text.filter(|text| !text.is_empty()))
        {
            self.variants.push((language, text));
        }
    }

    fn units(mut self) -> Vec<Unit> {
        let source = self.variants.iter().position(|(language, _)| Some(*language) == self.source);
        if self.variants.is_empty() {
            return Vec::new();
        }
        let (from, text) = self.variants.remove(source.unwrap_or(0));
        let others = self.variants.into_iter().filter(|(to, _)| *to != from);
        others
            .map(|(to, target)| Unit { from, to, source: text.clone(), target, edited: true })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(from: Language, to: Language, source: &str, target: &str) -> Unit {
        Unit { from, to, source: source.into(), target: target.into(), edited: true }
    }

    #[test]
    fn what_is_written_is_read() {
        let units = [
            unit(Language::EN, Language::PT, "Bed & <breakfast>", "Cama"),
            unit(Language::PT, Language::EN, "Custa XQ1 por noite.", "It is XQ1 a night."),
        ];
        let text = write(&units);
        assert!(text.contains("<seg>Bed &amp; &lt;breakfast&gt;</seg>"), "{text}");
        assert!(text.contains("Custa <ph x=\"1\">XQ1</ph> por noite."), "{text}");
        assert_eq!(read(&text).unwrap(), (units.to_vec(), 0));
        assert!(!write(&[unit(Language::EN, Language::PT, "a\0b", "c")]).contains('\0'));
    }

    #[test]
    fn files_of_other_tools_are_read() {
        let text = "<?xml version=\"1.0\"?><!DOCTYPE tmx SYSTEM \"tmx14.dtd\"><tmx version=\"1.4\">\
            <header srclang=\"en-US\"/><body>\
            <tu><tuv xml:lang=\"PT-PT\"><seg>Olá &amp; <bpt i=\"1\"/>bem-vindo&#33;</seg></tuv>\
            <tuv xml:lang=\"EN-US\"><seg>Hello &amp; welcome!</seg></tuv>\
            <tuv xml:lang=\"fr\"><seg><![CDATA[Bonjour & bienvenue !]]></seg></tuv></tu>\
            <tu><tuv xml:lang=\"en\"><seg>alone</seg></tuv></tu></body></tmx>";
        let (units, skipped) = read(text).unwrap();
        let pairs: Vec<(&str, &str)> =
            units.iter().map(|unit| (unit.source.as_str(), unit.target.as_str())).collect();
        assert_eq!(
            pairs,
            [
                ("Hello & welcome!", "Olá & bem-vindo!"),
                ("Hello & welcome!", "Bonjour & bienvenue !")
            ]
        );
        assert_eq!(skipped, 1);
        assert!(matches!(read("<html/>"), Err(BadTmx::NotTmx)));
        assert!(read("<html></html>").is_err() && read("").is_err() && read("<tmx><tu>").is_ok());
    }
}
