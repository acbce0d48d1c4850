//! One spelling for looking up phrases: lower case, no accents, straight quotes, single spaces.
//!
//! Machines write "Réponse automatique", "REPONSE AUTOMATIQUE" and "Re?ponse" alike; the phrase tables are
//! written folded, so one row meets all of them. Only for looking up: what people see is never folded.

/// Folds at most `max` characters of the text.
pub(super) fn fold(text: &str, max: usize) -> String {
    let mut out = String::with_capacity(text.len().min(max));
    let mut space = true;
    for c in text.chars().take(max) {
        if c.is_whitespace() || c == '\u{a0}' || c == '\u{200b}' || c == '\u{feff}' {
            if !space {
                out.push(' ');
            }
            space = true;
            continue;
        }
        space = false;
        push_folded(c, &mut out);
    }
    out.truncate(out.trim_end().len());
    out
}

fn push_folded(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    for low in c.to_lowercase() {
        match low {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ă' | 'ā' | 'ả' | 'ạ' => {
                out.push('a')
            }
            'ç' | 'č' | 'ć' => out.push('c'),
            'ď' | 'đ' => out.push('d'),
            'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ę' | 'ė' | 'ē' => out.push('e'),
            'ğ' | 'ģ' => out.push('g'),
            'ì' | 'í' | 'î' | 'ï' | 'ı' | 'ī' | 'į' => out.push('i'),
            'ł' | 'ľ' | 'ĺ' | 'ļ' => out.push('l'),
            'ñ' | 'ń' | 'ň' | 'ņ' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' | 'ō' => out.push('o'),
            'ř' | 'ŕ' => out.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => out.push('s'),
            'ť' | 'ţ' | 'ț' => out.push('t'),
            'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' | 'ū' | 'ų' | 'ự' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' => out.push('z'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ά' => out.push('α'),
            'έ' => out.push('ε'),
            'ή' => out.push('η'),
            'ί' | 'ϊ' => out.push('ι'),
            'ό' => out.push('ο'),
            'ύ' | 'ϋ' => out.push('υ'),
            'ώ' => out.push('ω'),
            'ё' => out.push('е'),
            '’' | '‘' | '´' | '`' | 'ʼ' => out.push('\''),
            '“' | '”' | '„' | '«' | '»' => out.push('"'),
            '–' | '—' | '‐' | '‑' => out.push('-'),
            '：' => out.push(':'),
            // Combining marks: decomposed accents, and the dot `İ` leaves behind in lower case.
            '\u{300}'..='\u{36f}' => {}
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn one_spelling() {
        for (text, folded) in [
            ("Réponse  automatique : X", "reponse automatique : x"),
            ("AUTOMATISCHE\r\n ANTWORT", "automatische antwort"),
            ("Otomatik Yanıt: İzin", "otomatik yanit: izin"),
            ("Αυτόματη απάντηση", "αυτοματη απαντηση"),
            ("自動応答：件名", "自動応答:件名"),
            ("n’a pas pu être délivré", "n'a pas pu etre delivre"),
        ] {
            assert_eq!(fold(text, 200), folded, "{text}");
        }
    }
}
