//! Names of charsets as mail software misspells them, and the one an HTML text gives itself.

use encoding_rs::Encoding;

/// One spelling of a label.
pub(super) fn normalise(label: &str) -> String {
    let label = label.trim().trim_matches(['"', '\'', ';', ',', '<', '>']).trim();
    let label = label.split('*').next().unwrap_or_default(); // RFC 2231, 5: charset*language
    let label = label.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    let label = label.strip_prefix("charset=").unwrap_or(&label);
    match label {
        "utf8mb4" | "utf-8mb4" | "utf_8" | "unicode-2-0-utf-8" | "x-utf-8" | "cp65001" => {
            "utf-8".to_owned()
        }
        "ks_c_5601" | "cp949" | "x-windows-949" | "ms949" | "uhc" => "euc-kr".to_owned(),
        // Their letters stand at the same places.
        "cp437" | "ibm437" | "437" => "ibm850".to_owned(),
        "cp936" | "ms936" => "gbk".to_owned(),
        "cp932" | "ms932" | "x-sjis-cp932" => "shift_jis".to_owned(),
        "cp950" | "x-windows-950" => "big5".to_owned(),
        "iso-2022-jp-1" | "iso-2022-jp-2" | "iso-2022-jp-3" | "iso-2022-jp-ms" | "cp50220"
        | "cp50221" => "iso-2022-jp".to_owned(),
        // cp-1252, win-1251, windows1250, iso_8859_15: one spelling each.
        other => respell(other),
    }
}

fn respell(label: &str) -> String {
    for (prefixes, spelled) in [
        (&["windows-cp", "windows_", "win-", "win", "cp-", "cp", "windows"][..], "windows-"),
        (&["iso_8859_", "iso8859_", "8859-", "iso-8859_"][..], "iso-8859-"),
    ] {
        for prefix in prefixes {
            if let Some(number) = label.strip_prefix(prefix)
                && number.bytes().all(|b| b.is_ascii_digit())
                && Encoding::for_label(format!("{spelled}{number}").as_bytes()).is_some()
            {
                return format!("{spelled}{number}");
            }
        }
    }
    label.to_owned()
}

/// Labels that say no more than none would; ASCII is believed only as long as it is.
pub(super) fn means_unknown(label: &str) -> bool {
    matches!(
        label,
        "us-ascii"
            | "ascii"
            | "ansi_x3.4-1968"
            | "unknown-8bit"
            | "x-unknown"
            | "unknown"
            | "default"
            | "8bit"
            | "7bit"
            | "binary"
            | "none"
            | "default_charset"
            | "default-charset"
            | "_default"
            | "x-user-defined"
            | "charset"
            | "iso-8859"
            | "_autodetect"
            | "_autodetect_all"
            | "auto"
            | "utf"
    )
}

/// The charset a `<meta>` near the top of an HTML text names, for parts whose header names none.
pub(super) fn meta_charset(html: &[u8]) -> Option<String> {
    let head = &html[..html.len().min(2_048)];
    let lower = String::from_utf8_lossy(head).to_ascii_lowercase();
    let meta = lower.find("<meta")?;
    let at = meta + lower[meta..].find("charset=")? + "charset=".len();
    let label: String = lower[at..]
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    (!label.is_empty()).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_get_one_spelling() {
        let cases = [
            (" \"UTF8\"", "utf8"),
            ("utf8mb4", "utf-8"),
            ("win-1251", "windows-1251"),
            ("cp1252", "windows-1252"),
            ("ISO_8859_15", "iso-8859-15"),
            ("iso-8859-1*de", "iso-8859-1"),
            ("charset=koi8-r", "koi8-r"),
            ("cp850", "cp850"),
        ];
        for (label, name) in cases {
            assert_eq!(normalise(label), name, "{label}");
        }
    }

    #[test]
    fn meta_names_a_charset() {
        let html = b"<html><head><META http-equiv=x content=\"text/html; charset=Windows-1251\">";
        assert_eq!(meta_charset(html).as_deref(), Some("windows-1251"));
        assert_eq!(meta_charset(b"<p>charset=x"), None);
    }
}
