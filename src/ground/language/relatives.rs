//! Languages that no detector here has a model of in these letters, and that come out surely as a relative: Serbian in
//! Latin letters as Croatian, Galician as Spanish or Portuguese, Malay as Indonesian.
//!
//! Each has words its relative has not. Where as many of them stand in a text as of the relative's own, nobody is sure.

use std::{collections::HashMap, sync::OnceLock};

use super::Language;

/// Two languages, and the words each has beside the other: `own` of the one a text seems to be in, `marks` of the one
/// it may be in. Where a word has a `*`, anything may stand there.
struct Pair {
    seems: &'static [&'static str],
    own: &'static str,
    may_be: &'static str,
    marks: &'static str,
}

#[rustfmt::skip]
const PAIRS: &[Pair] = &[
    Pair {
        seems: &["hr"],
        own: "što tko nitko netko išta svatko slijed* sljed* vrijed* mjesec* mjest* umjest* promjen* izmjen* primjen* zamjen* primjer* dijel* podijel* odjel* razdjel* uspje* uspij* neuspje* obavijest* točn* točk* opć* gdje ovdje negdje nigdje prije poslije uvijek čovjek* vrijem* smješt* smijem* smije premješt* razumije* htje* vidje* volje* željel* svijetl* bijel* cijel* cijen* lijep* rješ* lijev* korišten* tijek* razin* mijenja* zahtjev* pisač* datotek* računal* izvješ* savjet* mjer* primijet* vjer* vjenč* pjev* pjesm* lijek* liječ* ljekar* djec* djet* dijet* djevoj* sjeć* sjed* tjed* ponedjelj* srijed* nedjelj* sretn* sretan posjet* prijedlog* prijevoz* prijevod* prijelaz* kazališt* zrak* kruh* mlijek* snijeg* rijek* ljet* riječ* osjeć* žlic* vilic* ručnik* plaht* obitelj* tržnic* siječ* veljač* ožuj* travnj* svibnj* lipnj* srpnj* kolovoz* rujn* listopad* studen* prosin* kolodvor* vlak* tisuć* eura uvjet* putovnic* krevetić* kat katu navečer",
        may_be: "sr",
        marks: "šta ko niko neko svako sled* posled* vredno vrednost* mesec* mesto mesta mestu umesto promen* izmen* primen* zamen* primer* podel* odelj* razdel* uspe* uspeh* neuspe* obavešt* bezbed* tačn* tačk* opšt* uopšt* takođe gde svugde ovde negde nigde pre posle uvek čovek* vreme smešt* premešt* razume* sme smem htel* hteti videl* voleo volel* želel* svetl* belo bela ceo cela celo celu cene cenu ceni cena lep lepa lepo lepi lepe lepu rešen* reši* levo leva korišćen* menja* zahtev* savet* izvešt* merenj* verovat* veruj* venčan* peva* pesm* lekar* deca dece deci dete deteta devoj* sećam sedi sedet* sedišt* nedelj* ponedelj* sredu srećn* srećan poset* predlog* prevoz* prevod* prelaz* pozorišt* vazduh* železn* saobraćaj* hleb* mleko sneg reka reke leto leta reč reči kašik* viljušk* peškir* ćebe* porodic* bioskop* pijac* prodavnic* apotek* kancelarij* nivo* hiljad* tokom sopstven* štampa* voz voza vozom sprat* januar* februar* marta maja juna jula avgust* septemb* oktob* novemb* decemb* aerodrom* evra evro evri uveče krevetac izvinite zakasnić* pasoš*",
    },
    Pair {
        seems: &["hr"],
        own: "tjedan tjedn* kruh* kav* povijest* tisuć* siječ* veljač* ožuj* travnj* svibnj* lipnj* srpnj* kolovoz* ruj* listopad* studen* prosin* vlak* zračn* tko netko nitko što točn* točk* europ* obitelj* rezervira* putovnic*",
        may_be: "bs",
        marks: "sedmic* hljeb* kahv* kafa kafe kafu historij* hiljad* januar* februar* mart marta aprila juni juna juli jula august* septembar septembr* oktobar oktobr* novembar novembr* decembar decembr* voz voza vozom aerodrom* lahko mehko polahko kašik* tačn* tačk* evrop* porodic* rezervis* pasoš* saobraćaj*",
    },
    Pair {
        seems: &["es"],
        own: "el los las y muy una hay ya hola gracias pero también mañana noche viernes nosotros usted ustedes tienen quiero puedo podemos estoy desayuno aparcamiento después mejor gente cosa ninguna alguna hacer enero julio septiembre octubre hasta",
        may_be: "gl",
        marks: "unha unhas dunha nunha moi moito moitos moita moitas grazas graciñas xa teñen teño temos tedes tería hai aínda noso nosa nosos vós venres luns xoves mércores mañá noite almorzo aparcadoiro axuda persoas neno nenos pola dende mellor tamén despois xente cousa cousas dúas dous algunha ningunha pode podedes facer fago chegamos chegar chegaremos xaneiro febreiro xuño xullo setembro outubro novembro decembro bos boas agardo na do canto noutro outro outra eu non ben boa *cións *dade *eiro *eiros *eira *eiras xe*",
    },
    Pair {
        seems: &["pt"],
        own: "não uma umas numa há já olá obrigado obrigada também amanhã sexta-feira segunda-feira à às são estão é ainda você vocês muito muita muitos muitas tem têm fazer pessoas ajuda janeiro junho julho até pela pelo melhor depois gente coisa coisas duas dois alguma nenhuma nossa nosso com em um sem bem quanto quantos mas",
        may_be: "gl",
        marks: "unha unhas dunha nunha moi moito moitos moita moitas grazas graciñas xa teñen teño tedes hai aínda noso nosa nosos venres luns xoves mércores mañá almorzo aparcadoiro axuda persoas neno nenos ata pola dende mellor tamén despois xente cousa cousas dúas dous algunha ningunha podedes facer fago xaneiro febreiro xuño xullo decembro bos agardo can canto cantas non *ción *cións *ñ* *ble *bles xe* xu*",
    },
    Pair {
        seems: &["id"],
        own: "bisa kamar karena mobil sore jumat senin selasa rabu kamis anda nggak enggak gak kapan gratis handuk bandara mohon tolong uang obat bahwa kalian banget dong kok sih besok agustus maret saja setelah nomor telepon tanggal kartu taksi berkas tampil* jendela pengaturan kesalahan sandi unduh* jawaban stasiun konfirmasi kuitansi pesan* silakan waktu lantai",
        may_be: "ms",
        marks: "bilik kereta petang jumaat isnin khamis ahad ialah iaitu kerana adakah berapakah bolehkah bilakah adakan disertakan percuma tandas tuala tetamu tempahan sila daripada hendak mahu encik puan ringgit wang ubat esok awak nak kat macam ogos kerana* ralat pelayan* laluan capai* sebarang tetapan* papar* hendaklah kekunci tetingkap kemas senarai sahaja selepas semasa tarikh* pejabat syarikat kad bas teksi lif kanak* katil penyaman cuti resit pengesahan tempah* stesen diskaun mesej nombor telefon jawapan soalan cik tuan dobi surau fail tengahari",
    },
    Pair {
        seems: &["nl"],
        own: "ik jullie heeft hebben bent zijn zij wij niet naar graag kunnen het een dank u je",
        may_be: "af",
        marks: "ek baie nie jy hy asseblief dankie ontbyt ingesluit sê vir hierdie tienuur aankoms",
    },
    Pair {
        seems: &["mr", "ne"],
        own: "आहे आहेत आणि मध्ये साठी तुम्ही आम्ही येऊ छ छन् हामी लागि छौं",
        may_be: "hi",
        marks: "है हैं हम आप में से क्या लिए और नहीं आएंगे रहे सकते हूँ मैं यह वह कितना कितने",
    },
    Pair {
        seems: &["hi", "ne"],
        own: "है हैं हम आप में से क्या लिए और नहीं सकते हूँ मैं छ छन् हामी",
        may_be: "mr",
        marks: "आहे आहेत आहोत आणि मध्ये साठी तुम्ही आम्ही येऊ नाही किती आमच्या तुमच्या खोली वाजता होईल हवे",
    },
    Pair {
        seems: &["hi", "mr"],
        own: "है हैं हम आप में की से क्या लिए और नहीं सकते हूँ मैं आहे आहेत आणि",
        may_be: "ne",
        marks: "छ छन् छौं छु छैन हामी तपाईं तपाईको हाम्रो लागि कति हुन्छ गर्न आउँछौं बिहान राति र पनि",
    },
];

/// Languages in Latin letters of people who have no other keyboard. No word of these is one of a language written so.
#[rustfmt::skip]
const TRANSLITERATED: &[(&str, &str)] = &[
    ("ru", "spasibo bolshoe zdravstvuyte zdravstvujte privet pozhaluysta pozhalujsta pozhaluista zavtrak zavtra skolko stoit nomera svobodnye mozhno dlya chto kogda priedem priezzhaem dobryy dobriy vecher desyat chasov vklyuchen mozhem hotim"),
    ("el", "kalimera kalispera kalinyxta efxaristo efharisto eyxaristo efcharisto parakalo yparxei iparxi exete exoume ehete echete domatio dwmatio domatia proino thelo thelw theloume ftasoume ftanoume einai stis boreite mporeite avrio vrady"),
    ("hi", "namaste kya hain nahin kamra khali nashta kitna kitne dhanyavad shukriya liye aayenge chahiye kripya raat baje"),
    ("bg", "blagodarya blagodaria zdraveyte zdravei svobodna staya zakuska kolko struva shte pristignem"),
    ("ar", "shukran marhaba alaikum assalamu fadlak se3r samaht inshallah ghurfa ghorfa"),
];

/// The language a text may be in though it seems to be in `first`, and how much of the certainty goes to it.
/// `own` is what the little words say for `first`; `text` is in lower case.
pub(super) fn heard(first: Language, text: &str, own: f32) -> Option<(Language, f32)> {
    let words: Vec<&str> = text
        .split(|c: char| {
            c.is_whitespace() || (c.is_ascii_punctuation() && c != '-') || "¿¡«»„“”’…।".contains(c)
        })
        .filter(|word| !word.is_empty())
        .collect();
    let pairs = PAIRS.iter().filter(|pair| pair.seems.contains(&first.as_str()));
    let pairs =
        pairs.map(|pair| (pair.may_be, count(&words, pair.marks), count(&words, pair.own) as f32));
    let others = transliterated(&words).into_iter().zip(TRANSLITERATED);
    let others = others.map(|(marks, (code, _))| (*code, marks, own));
    let (code, marks, own) = pairs
        .chain(others)
        .filter(|(_, marks, own)| *marks > 0 && *marks as f32 >= *own)
        .max_by(|a, b| (a.1 as f32 - a.2).total_cmp(&(b.1 as f32 - b.2)))?;
    Some((Language::of(code), marks as f32 / (marks as f32 + own + 0.5)))
}

/// Has a text a word that Bosnian has and Croatian has not?
pub(super) fn is_bosnian(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
    PAIRS.iter().any(|pair| pair.may_be == "bs" && count(&words, pair.marks) > 0)
}

/// How many words of each transliterated language a text has. Asked of every text: by an index.
fn transliterated(words: &[&str]) -> [usize; TRANSLITERATED.len()] {
    static INDEX: OnceLock<HashMap<&'static str, usize>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let rows = TRANSLITERATED.iter().enumerate();
        rows.flat_map(|(row, (_, marks))| marks.split(' ').map(move |word| (word, row))).collect()
    });
    let mut counts = [0; TRANSLITERATED.len()];
    words.iter().filter_map(|word| index.get(word)).for_each(|row| counts[*row] += 1);
    counts
}

/// How many of these words a text has.
fn count(words: &[&str], row: &str) -> usize {
    let is = |word: &str| row.split(' ').any(|known| matches(word, known));
    words.iter().filter(|word| is(word)).count()
}

fn matches(word: &str, known: &str) -> bool {
    match (known.strip_prefix('*'), known.strip_suffix('*')) {
        (None, None) => word == known,
        (None, Some(begin)) => word.starts_with(begin),
        (Some(end), None) => word.ends_with(end),
        (Some(_), Some(_)) => word.contains(known.trim_matches('*')),
    }
}
