//! Footers of mail programs: "Sent from my iPhone", "Gesendet von Mail für Windows", "iPhoneから送信".
//!
//! A footer begins as the language tables say and names a device or a program; without such a name it must not read
//! like a sentence ("Sent from my desk, which is easier").

use super::{language::FOOTERS, line::Line};

/// Devices and programs named in footers; "Sent from my desk, which is easier" names none.
#[rustfmt::skip]
const DEVICES: &[&str] = &[
    "iphone", "ipad", "ipod", "android", "samsung", "galaxy", "huawei", "xiaomi", "redmi", "blackberry",
    "nokia", "windows", "outlook", "yahoo", "gmail", "phone", "mobile", "smartphone", "tablet", "handy",
    "mobil", "telefon", "téléphone", "telefone", "teléfono", "telefono", "device", "htc", "sony", "xperia",
    "motorola", "pixel", "oneplus", "oppo", "vivo", "wiko", "honor", "lg", "telefónu", "zariadenia", "spark", "proton", "protonmail",
    "aol", "bluemail", "typeapp", "mac", "macbook", "apple", "thunderbird", "gmx", "web.de", "sfr", "tutanota",
    "tuta", "airmail", "newton", "superhuman", "edison", "k-9", "zoho", "posteitaliane", "libero", "seznam",
    "телефона", "почта", "почты", "яндекс", "mail.ru", "手机", "手機", "邮箱", "電話", "핸드폰", "jolla", "fairphone",
    "posta", "postfach", "verizon", "t-mobile", "vodafone", "swisscom", "laptop", "computer", "mobilen",
    "mobiltelefon", "puhelimesta", "telefonumdan", "κινητό", "телефон", "мобильного", "hotmail", "msn",
    "surface", "postbox", "mailspring", "canary", "móvil", "móbil", "cellulare", "telemóvel", "celular",
    "iphon", "mymail", "orange", "telekom", "هاتفي", "هاتف", "האייפון", "אייפון", "telefonu", "telefonem",
    "网易", "大师", "微信", "スマートフォン", "スマホ", "携帯", "スマート", "스마트폰", "휴대폰", "메일앱", "카카오", "naver", "טלפון", "נייד", "סמארטפון", "mobiel", "мобільн", "小米", "tiscali",
    "email.cz", "fastmail", "mailbird", "polymail", "shortwave", "icloud", "nine", "front", "missive", "fairemail", "aquamail", "boxer", "mobilu", "삼성", "갤럭시", "모바일", "메일 앱", "카카오메일", "ドコモ", "смартфон", "1&1", "freenet", "onet", "ukr.net", "pocztę", "poczta", "pošta", "ios",
];

/// Beginnings that are whole footers: "von unterwegs gesendet".
const LAST_WORDS: &str = "gesendet";

/// "my" at the end of a footer's beginning.
#[rustfmt::skip]
const POSSESSIVES: &[&str] = &[
    "my", "mon", "ma", "meinem", "meiner", "mi", "mio", "meu", "minha", "mijn", "min", "mojego", "mého", "môjho",
    "моего", "minun", "μου", "我的",
];

/// Is this the footer of a mail program? Short, begins as footers begin, and names a device or a program; without
/// such a name only if nothing in it is a sentence.
pub(super) fn is_footer(line: &Line<'_>) -> bool {
    let folded =
        line.folded.trim_matches(|c: char| c.is_whitespace() || "-–—_*[]()<>|.\"~".contains(c));
    if names_program(folded) {
        return true;
    }
    let Some(beginning) = FOOTERS.prefix_of(folded) else {
        return is_reversed_footer(folded);
    };
    let shown = folded.split(['<', '(']).next().unwrap_or_default().trim();
    let rest = shown.get(beginning.len()..).unwrap_or_default().trim();
    let words = rest.split(' ').filter(|w| !w.is_empty()).count();
    let device = |word: &str| {
        // Languages decline: "z iPhonu", "iPadista".
        let word = word.trim_matches(['.', '-']);
        DEVICES.iter().any(|d| word == *d || d.len() >= 4 && word.starts_with(d))
    };
    let mut words_after = folded[beginning.len()..]
        .split(|c: char| !(c.is_alphanumeric() || ".-&".contains(c)))
        .filter(|w| !w.is_empty());
    if words == 0 && beginning.contains(' ') && beginning.ends_with(LAST_WORDS) {
        return true;
    }
    let my = beginning.rsplit(' ').next().is_some_and(|last| POSSESSIVES.contains(&last));
    if !excuses(rest) {
        return false;
    }
    if my && words <= 12 && !rest.ends_with('?') && words_after.clone().next().is_some_and(device) {
        // "Sent from my iPhone, please excuse typos"
        return true;
    }
    let named = words_after.clone().any(device)
        || DEVICES.iter().any(|d| d.len() >= 4 && beginning.contains(d))
        || DEVICES.iter().any(|d| d.len() >= 5 && rest.contains(d));
    let short = beginning.chars().count() < 7;
    if named {
        return words <= 12
            && !rest.ends_with('?')
            // "Sent via the Samsung Galaxy S21 5G, an AT&T 5G smartphone"; not "my desk, is easier than my phone"
            && rest.split_once(", ").is_none_or(|(first, _)| {
                words_after.next_back().is_some_and(device) && first.split(' ').any(device)
            })
            && (words <= 4 || !short);
    }
    // "Sent from a magnificent torch of pixels", "Sent from my Wiko": a person's own footer, or a device unknown to us.
    if is_title(line) && (1..=2).contains(&words) {
        return true;
    }
    let own = my || beginning == "sent from" && (rest.starts_with("a ") || rest.starts_with("an "));
    own && (1..=6).contains(&words)
        && !rest.contains([',', '?', '!', ':', ';'])
        && !rest.contains(". ")
}

/// What a footer asks to be excused, over the languages; folded beginnings of words.
#[rustfmt::skip]
const EXCUSES: &[&str] = &[
    "excuse", "sorry", "brev", "typo", "error", "pardon", "forgive", "short", "spelling", "autocorrect", "apolog",
    "tippfehler", "entschuldig", "kürze", "fehler", "verzeih", "excus", "faute", "erreur", "coquille", "disculp", "perdon", "errata", "errore", "scus", "refus",
    "desculp", "erro", "excuus", "tikfout", "verontschuldig", "fout", "wybacz", "przepraszam", "błęd", "omluv", "chyb", "undskyld", "stavefejl", "ursäkta", "stavfel", "beklager", "skrivefeil",
    "virhe", "elnézést", "hib", "scuz", "greșel", "kusura", "συγγνώμη", "λάθη", "извин", "прости", "опечат", "вибач", "помилк",
];

/// Behind a footer's first sentence stands an excuse, if anything: "Sent from my iPhone. Please excuse typos". Other sentences
/// are its user's: "Sent from my iPhone, sorry for typos. We arrive at six".
fn excuses(rest: &str) -> bool {
    let mut ends = rest.match_indices(['.', '!']).filter(|(at, end)| {
        let word = rest[..*at].rsplit(' ').next().unwrap_or_default();
        rest[at + end.len()..].starts_with(' ')
            && word.chars().filter(|c| c.is_alphabetic()).count() > 1
    });
    ends.all(|(at, end)| {
        let next = rest[at + end.len()..].split(['.', '!']).next().unwrap_or_default();
        let mut words = next.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words.clone().count() < 3 || words.any(|w| EXCUSES.iter().any(|e| w.starts_with(e)))
    })
}

/// What some programs say of themselves, with a comma like a sentence's.
const SLOGANS: &[&str] = &[
    "search, organize, conquer",
    "enjoy secure & ad-free email",
    "encrypted email based in switzerland",
];

/// Whatever the verb: "Consigue Outlook para iOS", "Завантажте Outlook для Android", "Wolny od wirusów. www.avast.com".
fn names_program(folded: &str) -> bool {
    let words = |text: &str| {
        text.split(|c: char| c.is_whitespace() || "[](<".contains(c))
            .filter(|w| !w.is_empty())
            .count()
    };
    let scanned = ["www.avast.com", "www.avg.com", "avast.com/", "avg.com/"]
        .iter()
        .any(|s| folded.contains(s));
    let shown = folded.split("http").next().unwrap_or_default();
    let program = shown.contains("outlook") || shown.contains("bluemail");
    let slogan = SLOGANS.iter().any(|s| folded.contains(s));
    let system = ["ios", "android", "mac", "desktop", "windows"]
        .iter()
        .any(|s| shown.split(|c: char| !c.is_alphanumeric()).any(|w| w == *s));
    scanned && words(folded) <= 8
        || slogan && words(folded) <= 12
        || program
            && (system || folded.contains("aka.ms/"))
            && words(shown) <= 6
            && !folded.ends_with(['?', '!'])
}

/// "Sent with Shortwave": a name of a program we do not know, and nothing more.
fn is_title(line: &Line<'_>) -> bool {
    let text = line.content().split('<').next().unwrap_or_default().trim();
    let name = |word: &str| word.starts_with(char::is_uppercase);
    text.starts_with(char::is_uppercase)
        && text.ends_with(char::is_alphanumeric)
        && text.split(' ').skip(2).all(name)
        && text.split(' ').count() >= 3
}

/// Languages that put the verb last: "iPhone'umdan gönderildi", "iPhoneから送信", "나의 iPhone에서 보냄", "iPhone-omról küldve".
fn is_reversed_footer(folded: &str) -> bool {
    const LAST: &[&str] = &[
        "から送信しました",
        "で送信",
        "发送自",
        "发来的邮件",
        "gönderildi",
        "から送信",
        "에서 보냄",
        "küldve",
        "edinin",
        "を入手",
        "다운로드",
        "发送",
        "傳送",
        "에서 보냈습니다",
        "から送信されました",
        "より送信",
        "에서 보낸 메일입니다",
        "에서 전송된 메일입니다",
        "로 보냄",
        "发出",
        "beszerzése",
        " gesendet",
        " beziehen",
        " downloaden",
    ];
    let shown = folded.split('<').next().unwrap_or_default().trim_end_matches(['.', '。', ' ']);
    shown.chars().count() <= 70
        && LAST.iter().any(|l| shown.ends_with(l))
        && DEVICES.iter().any(|d| d.len() >= 3 && folded.contains(d))
}
