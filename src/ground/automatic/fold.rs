//! One spelling for looking up phrases: lower case, no accents, straight quotes, single spaces.
//!
//! Machines write "Réponse automatique", "REPONSE AUTOMATIQUE" and "Re?ponse" alike; the phrase tables are
//! written folded, so one row meets all of them. Only for looking up: what people see is never folded.

/// Folds at most `max` characters of the text.
pub(in crate::ground) fn fold(text: &str, max: usize) -> String {
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
        let plain = match low {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' | 'ă' | 'ā' | 'ả' | 'ạ' => "a",
            'ç' | 'č' | 'ć' => "c",
            'ď' | 'đ' => "d",
            'è' | 'é' | 'ê' | 'ë' | 'ě' | 'ę' | 'ė' | 'ē' => "e",
            'ğ' | 'ģ' => "g",
            'ì' | 'í' | 'î' | 'ï' | 'ı' | 'ī' | 'į' => "i",
            'ł' | 'ľ' | 'ĺ' | 'ļ' => "l",
            'ñ' | 'ń' | 'ň' | 'ņ' => "n",
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ő' | 'ō' | 'ơ' | 'ờ' | 'ộ' => "o",
            'ř' | 'ŕ' => "r",
            'ś' | 'š' | 'ş' | 'ș' => "s",
            'ť' | 'ţ' | 'ț' => "t",
            'ù' | 'ú' | 'û' | 'ü' | 'ů' | 'ű' | 'ū' | 'ų' | 'ư' | 'ự' => "u",
            'ý' | 'ÿ' => "y",
            'ź' | 'ż' | 'ž' => "z",
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'ά' => "α",
            'έ' => "ε",
            'ή' => "η",
            'ί' | 'ϊ' => "ι",
            'ό' => "ο",
            'ύ' | 'ϋ' => "υ",
            'ώ' => "ω",
            'ё' => "е",
            '’' | '‘' | '´' | '`' | 'ʼ' => "\'",
            '“' | '”' | '„' | '«' | '»' => "\"",
            '–' | '—' | '‐' | '‑' => "-",
            '：' => ":",
            // Combining marks: decomposed accents, and the dot `İ` leaves behind in lower case.
            '\u{300}'..='\u{36f}' => "",
            other => {
                out.push(other);
                continue;
            }
        };
        out.push_str(plain);
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
