//! The little words that give a language in Latin or Cyrillic letters away. A sentence holds several of them, and counting
//! them takes a microsecond where the judge takes most of a thousand.
//!
//! A word shared by several languages counts for each with its share only, so that `de` says little.

use std::{collections::HashMap, sync::OnceLock};

use super::{Language, judge};

/// One row a language: what a letter to an inn is full of.
#[rustfmt::skip]
const WORDS: &[(&str, &str)] = &[
    ("en", "the and of to in is that it for was on are as with his they at be this have from or had by not but what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has look two more go see no way could my than first been call who its now find down day did get come may our you i he me a am one after before also only very any us should must please without both such within however through just following over most i'm it's don't hello hi thanks thank stay yes sure lovely great cheers perfect sorry much late arrival arrive arriving available breakfast"),
    ("fr", "le la les de des du et un une est que qui dans en pour pas sur au aux avec ce cette ces il elle nous vous ils je ne se son sa ses leur par plus ou mais été être avoir fait tout comme très sont à où c'est d'un d'une qu'il n'est l'on avons avez peut deux même aussi cela si bien sans faire y ont entre était mon votre vos notre nos bonjour merci on a s l non tous toute toutes autres donc après avant encore depuis moins vers contre là faut toujours plusieurs également ainsi autre doit sera serait pouvez voulez j'ai s'il quand quel quelle est-ce oui d'accord volontiers parfait salut désolé combien compris petit-déjeuner déjeuner nuits"),
    ("de", "der die das und ist in zu den von mit sich des auf für nicht ein eine einen einem einer dem als auch es an werden aus er hat dass sie nach wird bei noch wie über so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei ich wir ihr kann wenn uns mir unter gegen vom schon hatte sind am im um diese dieser wieder keine sehr gibt ihre alle alles ja was du daß dann hier jetzt immer doch können könnte wo etwas diesen eines damit beim ganz nun habe ohne zwei unser unsere unserer bitte guten tag vielen dank ihnen ihren waren nein perfekt selbstverständlich einverstanden leider gerne frühstück übernachtung nächte"),
    ("es", "el la los las de del y que en un una es por con para no se lo al su sus como más pero le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos e esto mí antes algunos qué unos yo otro otras está están fue ha son usted tiene ser años dos había era hacer a si te cada han mi mis muchas mucho puede puedes ahora bien vez nuestro nuestra tanto siempre hace aunque estar todas toda ella ellas quisiera gracias hola buenos buenas tienen menos manera gran da as va favor diciembre enero febrero mayo junio septiembre octubre noviembre viernes lunes vale perfecto claro sentimos siento estamos cuánto desayuno personas adultos noches habitación"),
    ("it", "il lo la i gli le di del della dei delle degli dello da dal dalla in nel nella con su sul sulla per un uno una e è che non si al alla ai alle come più ma anche sono ha o se questo questa ed essere hanno io ci mi loro suo sua stato tra fra quando molto perché era dopo due fatto cui ancora tutto tutti solo prima senza chi c'è dell'anno nell' così già anni ogni ad va poi oggi dove nelle negli nei sia invece fare può abbiamo avete vostra vostro nostra nostro contro oltre fino stata stati ne noi voi quanto vorrei grazie buongiorno c’è sì certo certamente perfetto volentieri d'accordo colazione notti persone adulti mille"),
    ("pt", "o a os as de do da dos das em no na nos nas um uma e é que não se por para com ao aos à às mais como mas foi ele ela são tem ser está seu sua seus suas ou quando muito também já só pelo pela pelos pelas até isso entre era depois sem mesmo há você sobre esta este essa esse num numa nem ter foram ainda onde anos eu nós lhe bem assim me meu minha estão dois fazer pode todo todos toda cada vai porque dia disse tudo outros outro hoje apenas vão tinha neste nesta menos primeiro sim melhor nossa nosso vossa temos têm gostaria obrigado obrigada boa bom olá estamos vez estar antes ante durante contra desde nada tanto favor dezembro janeiro fevereiro março maio junho julho setembro outubro novembro segunda-feira sexta-feira perfeito combinado lamentamos pequeno-almoço noites pessoas adultos quanto"),
    ("nl", "de het een en van in is dat op te zijn met voor niet aan er om ook als dan maar bij of uit nog naar door over ze hij wij worden wordt werd heeft hebben had kan deze dit die meer geen wel tot we ik je mijn zich hun na zo al veel waar was zou moet onze u haar onder tegen omdat wat toen twee jaar andere hoe nu heb bent zeer gaan per tussen alleen eerst eerste zij waren weer vaak eigen tijdens laatste terug drie ten alle graag hartelijk dank jullie kunnen willen wil goed heel nieuwe nee akkoord ontbijt nachten helaas bedankt"),
    ("ca", "el la els les de del dels i que en un una és per amb no es al als a se ha més com però va són aquest aquesta aquests seva seu seus ser hi ho també quan molt sense entre fins tot tots on ja si han o perquè des sobre després dos cada li van estat fer té d'un d'una l'any pel pels qual això meva teva nostra què era havia anys ni així encara altres y dia ara serà poden ens abans segons cal tipus manera bon bona gràcies voldríem tenim teniu sou està doncs mentre molts moltes gran perfecte d'acord esmorzar nits persones quant"),
    ("da", "og i jeg det at en den til er som på de med han af for ikke der var mig sig men et har om vi min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne ind når være dog noget ville jo deres efter ned skulle denne end dette mit også under have dig anden hende mine alt meget sit sine vor mod disse hvis nogle hos blive mange ad bliver blevet været kun få år uden så kan ved to din se samme kommer får bare tak igen hvordan går før siden nye vores mere lidt nogen fået lige godt derfor sidste måde gøre helt flere altid allerede inden hvem hver ingen fordi begge dit både slags må jeres venlig hilsen andre del sammen gode desværre morgenmad morgenmaden nætter værelser værelse ankommer omkring hotellet personer"),
    ("nb", "og i jeg det at en et den til er som på de med han av ikke der så var meg seg men har om vi min mitt ha hadde hun nå over da ved fra du ut sin dem oss opp man kan hans hvor eller hva skal selv sjøl her alle vil bli ble blei blitt kunne inn når være kom noen noe ville dere deres kun ja etter ned skulle denne for deg si sine sitt mot å meget hvorfor dette disse uten hvordan ingen din ditt blir samme hvilken sånn mellom vår hver hvem hvis bare fordi før mange også slik vært begge siden mer år se få under to får går kommer andre må gjennom hele enn sammen annen mye flere alltid takk vennlig hilsen ei ein eit ikkje frå dei vart vert då ho òg vere vera vore eg kva korleis kvar kven berre nokre noko nokon mykje meir saman seinare medan sidan mest svært sjå fleire same desse kjem mi gode godt både nye del allerede dessverre frokost frokosten netter rom rundt klokka greit hotellet personer tusen"),
    ("sv", "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan man när år säger hon under också efter eller nu sin där vid mot ska skulle kommer ut får finns vara hade alla andra mycket än här då sedan över bara in blir upp även vad två vill ha många hur mer går sverige kunde blev detta dem denna vilket någon vår se få oss du din dig del olika skall genom dessa inom väl nya kunna hela gör ge första våra vårt ni er tack hej hos samma innan sina alltid både frukost frukosten nätter klockan hotellet personer omkring tyvärr"),
    ("fi", "ja on ei se että oli ovat joka mutta myös kun tai hän olla niin kuin sen ole jos jo nyt mitä ne minä sitä vain siitä tämä tämän ollut mukaan jotka vielä kanssa olisi sekä sitten vuoden kaikki mikä voi jälkeen vuonna hänen ennen aikana mielestä tänä he siinä mukana paljon olen tulee joita jonka pitää niitä heidän enemmän kuitenkin eivät hyvin mm eli onko noin miten siten koska jossa niiden sillä siihen lisäksi koko tehdään eri voisi meidän teidän teillä meillä kiitos hei olemme haluaisimme sinun minun tässä siellä täällä kyllä aamiainen hinta"),
    ("pl", "i w na z że się nie to do jest o jak po co ale tak za od jego dla był być przez czy ten tego już są oraz tym ze może które który która by było ich tylko jej też bardzo przed ma także lub bez pod nad ja mnie jeszcze kiedy gdy jako będzie można te tej roku aby lat przy więc nawet sobie nas został została tych którzy my wszystko a in bo on je jednak mają jeśli niż go kilka będą których dobrze proszę dziękuję dzień dobry pan pani państwo jestem jesteśmy jeden dwa u bardziej zawsze teraz tutaj śniadanie noce niestety"),
    ("cs", "a v na se je že s z do o k i ale jako za by po ve jsem to pro jsou si tak podle od jeho které který která bylo byl být ze ještě už co aby při nebo až také není mezi jak byla má před pak přes tím toho své než jen však roku kde bude jejich nás vám ho proto mu ten bez více může let tento tomu jsme ty u pokud velmi této dnes další svůj byly asi jestli prosím děkuji dobrý den máte máme jste bych chtěli ani kdy ke všechny teď jenom mi nad či ano snídaně noci bohužel"),
    ("hr", "i u je na se da za su od s o a koji koja koje što kao nije iz će do ali samo to bi ne po sve te još bio bilo bila kako biti ili već smo sam nakon godine prema može tako kad li između nego jer svoje zbog više tijekom hrvatske uz ako ono mu pa nisu kod bez oko ovaj ova tog toga ih njih gdje imaju budu sa pod ga ima mogu također kojima dok taj prije odnosno dvije svih ove nam vam vas nas molim hvala dobar dan imate trebamo bismo htjeli želimo jesu ste jedan jedna šta kojoj kojem tko nažalost doručak noći"),
    ("hu", "a az és hogy nem is egy ez meg de volt csak mint el ha már azt még vagy ezt lehet van kell én sem most után fel ki minden mert nagy be aki amely ami pedig akkor lesz olyan szerint ember így le között több itt két mely magyar igen voltak vannak azonban ezek mindig nagyon aztán majd hozzá kellene során ahogy való miatt által illetve s mi új úgy egyik ott amit amikor hanem első akik közül ilyen ebben ne lenne szeretnék köszönöm kérem jó napot van-e nekünk önök ön reggeli éjszaka sajnos"),
    ("ro", "și în de la cu a pe nu că o se din care este un mai pentru să au fost ale al sau ce le lui ca dar după prin sunt i fi când ar s-a fără acest această acestea între foarte toate doar numai despre avea noi ei ea el îi nici până cum eu mă am ai lor dacă unui unei anul cele cel cea către astfel poate aceasta asupra trebuie își mult şi si in sa va vor tot are e prima una an fiecare multe bine unde peste face dupa orice chiar atunci acesta noastre dintre iar daca aici aceste unul spre precum acum multă mulțumesc bună ziua aveți avem fara aş aș vă ani ne micul dejun nopți nopti"),
    ("tr", "ve bir bu da de için ile çok olarak daha ne o gibi olan kadar var ama sonra ben her en mi ya ise değil ki diye şey şu iki olduğunu oldu nasıl yok biz ancak göre bana zaman sen kendi bile bütün içinde onun önce yeni böyle olduğu tarafından büyük hiç ediyor mı olur yıl arasında eden bunu ilk şekilde üzerinde sadece hem sayın dedi i veya üzere tüm özel önemli birlikte yer kez iyi hale bunun fazla olmak bulunan ilgili merhaba teşekkür lütfen mu misiniz bizim sizin size sizi olacak ederim evet hayır kahvaltı gece"),
    ("sk", "a v na sa je že s z do o k i ale ako za by po vo som to pre sú si tak podľa od jeho ktorý ktorá ktoré bolo bol byť zo ešte už čo aby pri alebo až aj tiež nie medzi bola má pred však cez tým toho svoje než len roku kde bude ich nás vám ho preto mu ten bez viac môže nech tento sme ste keď iba keďže ktorí môj vaša naša mali máte prosím ďakujem dobrý deň so u jej no tomu veľmi ak či všetko všetky tejto teda boli skôr niečo aký aká máme môžeme chceli ani áno raňajky noci žiaľ bohužiaľ"),
    ("sl", "in je na se da za so od s o bi ki kot pa tudi ne po še že bil bila bilo biti ali več smo sem leta lahko tako med vse zaradi iz ter kaj če kar ko pri do le bo bodo v ta to ga jih jo mu njegov njihov kako samo pred proti brez zelo tem tega svoje svoj imajo ima imate imamo nas vas vam kje kdaj bomo kjer nato prav zdaj torej vendar z ni si a te mi me nekaj ker saj ob naj jaz ampak zato veliko predvsem čas sicer bom svojo potem namreč najbolj gre boste prosim hvala dober dan želeli radi nam zajtrk noči žal"),
    ("et", "ja on ei et see oli kui ka aga või mis oma ta tema nad kes seda nii siis veel välja üle juba kõik ainult mitte ole olla pole selle pärast ning saab sai ma me te meie teie minu sinu eesti aasta aastal kus kas väga peab enne koos siin seal nende need tuleb võib oleks olnud kuid ennast tehes poolt vastu hea palun tere olen ise mu ju läbi sest midagi jaoks ikka üks ehk vaid nagu mida ära nüüd kogu enam rohkem palju kuidas küll ega edasi kõige ilma iga ajal tänan aitäh kaks soovime meil teil alla jah hommikusöök ööd"),
    ("lv", "un ir no ar uz par ka kas tas tā bija kā arī bet vai pie lai pēc nav ne to viņš viņa viņi mēs es jūs mūsu jūsu savu tikai vēl jau pa pirms kad kur ļoti gada gadā būs var tiek šis šī šo līdz jo starp caur bez tiem viņu viņam ko tad nekā pret kuri kura tie tās visi lūdzu labdien paldies ja man gan mums jums iespējams vairāk tiks kaut daudz visu tāpat būt varētu tur cik būtu taču labi šodien kāds kurš esam vēlamies divas brokastis naktis"),
    ("lt", "ir yra kad į iš su tai buvo ne jis ji jie mes aš jūs apie po už nuo bet ar kaip taip dar tik jau kuris kuri kurie šis ši tas ta tą savo jo jos jų prie per dėl iki bus gali metų metais labai kai jei nėra nes mūsų jūsų kur kiek todėl arba net prieš buvę būti jog visi prašau ačiū o bei be to kas tiek turi pat tačiau metu galima kartu pagal daugiau mus tuo reikia daug dabar čia viena ant mums jums esame norime laba diena gal pusryčiai naktis"),
    ("is", "og að er í á það sem til við um með en ekki var af hann hún þau þeir ég þú fyrir þá svo eða hefur hafa voru verið eru frá eftir þegar upp út þetta þessi sig sér þar hér mjög bara líka yfir allt öll hvað hvernig kvöld ef úr því þess sín sinn vera vil okkur ykkar takk góðan daginn hvort gæti mikið alla þeim þeirra sama annað nú"),
    ("id", "yang dan di dari untuk dengan pada ini itu tidak ke dalam adalah akan oleh juga atau saya kami kita anda mereka dia bisa sudah telah ada karena sebagai lebih tersebut dapat seperti bahwa namun hanya saat setelah sebelum apakah kamar apa belum jika masih lagi banyak semua hari tahun para orang kepada tetapi hingga serta jadi kalau bukan baik terima kasih kamu secara tentang mohon silakan berapa"),
    ("sq", "të e në dhe për me një që nga është i se ka si do nuk u më kjo këtë ky kur nëse por duke janë ishte pas mund jam jemi kemi keni tek deri edhe ose shumë tani vetëm ju ne kam duhet mirë faleminderit dhomë ai ajo ata cila pasi vet këto prej sa pranë kushton mirëmbrëma"),
    ("eu", "eta da du bat ez dira dut dute izan zen baina ere egin den bai nola zer hau hori gara duzue dugu baino beste edo horren zuen dituzte bere oso gure nire bezala izango egiten dago ditu zuzen eskerrik kaixo zaio ari bi dela zuek gaude mesedez nahi"),
    ("af", "die en van in is nie het dat vir met wat om te aan ons hulle dit sal kan was word ook as nog baie daar hier by uit oor hy sy jy ek my jou julle se deur moet wees een na dan maar asseblief dankie hoe waar wanneer so of"),
    ("ru", "и в не на я что он с а как это то по к но они мы все она из у за так от о же для если бы уже или ещё еще было был только его её ее их вы мне меня нас вас есть до когда где который которые чтобы при можно нет да очень здравствуйте спасибо пожалуйста во без со два ли тоже там здесь ни им можем хотим сколько"),
    ("uk", "і в не на я що він з а як це то по але вони ми все вона із у за так від о же для якщо би вже або ще було був тільки його її їх ви мені мене нас вас є до коли де який які щоб при можна ні та й про чи дуже дякую добрий день будь ласка без також того цього під час ж тому може той там те можемо хочемо скільки"),
    ("bg", "и в не на аз че той с а как това то по но те ние всички тя от у за така да се са си е ще ли като при или вече още беше само неговия му им ви ми ни има няма до когато където който които която много благодаря моля без след със във към през тази този тези бъде може ако имате също два повече кога дали сме сте бихме искаме нас вас къде колко какво все там"),
    ("mk", "и во не на јас што тој со а како ова тоа по но тие ние сите таа од за така да се си е ќе ли при или веќе уште беше само неговата му им ви ми ни има нема до кога каде кој кои која многу благодарам молам без дали сме сте имате може ако исто два повеќе колку кај сакаме нас вас"),
    ("sr", "и у не на ја што он са а како ово то по али они ми све она од за тако да се су си је ће ли при или већ још био само његов му им ви ни има нема до када где који које која много хвала молим без смо сте имате може ако такође два више из о к дали кад колико желимо нас вас"),
];

/// Letters that one of our Latin languages has to itself.
#[rustfmt::skip]
const LETTERS: &[(&str, &[char])] = &[
    ("hu", &['ő', 'ű']),
    ("cs", &['ř', 'ů', 'ě']),
    ("pl", &['ł', 'ś', 'ź', 'ż', 'ń']),
    ("ro", &['ț', 'ţ', 'ș', 'ă']),
    ("tr", &['ğ', 'ı']),
    ("de", &['ß']),
    ("es", &['ñ', '¿', '¡']),
    ("pt", &['ã']),
    ("hr", &['đ']),
    ("sk", &['ľ', 'ĺ', 'ŕ', 'ô']),
    ("et", &['õ']),
    ("lv", &['ā', 'ē', 'ī', 'ķ', 'ļ', 'ņ', 'ģ']),
    ("lt", &['ė', 'ų', 'į']),
];

/// A letter of its own weighs as a word of its own, up to so many.
const MOST_LETTERS: usize = 3;

/// One bit a language of `WORDS`.
type Tongues = u64;

fn index() -> &'static HashMap<&'static str, Tongues> {
    static INDEX: OnceLock<HashMap<&'static str, Tongues>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index: HashMap<&'static str, Tongues> = HashMap::new();
        for (row, (_, words)) in WORDS.iter().enumerate() {
            for word in words.split(' ') {
                *index.entry(word).or_default() |= 1 << row;
            }
        }
        index
    })
}

/// Can the judge name the language of this row?
fn has_model(row: usize) -> bool {
    static KNOWN: OnceLock<Vec<bool>> = OnceLock::new();
    let known =
        || WORDS.iter().map(|(code, _)| judge::knows(Language::of(code))).collect::<Vec<_>>();
    KNOWN.get_or_init(known)[row]
}

/// Less of a lead is chance.
const LEAD_TO_SAY: f32 = 0.6;

/// What the little words of a text say: distinctive words for each language.
pub(super) struct Votes([f32; WORDS.len()]);

/// The language with the most distinctive words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Leader {
    pub language: Language,
    pub score: f32,
    /// Distinctive words more than the next language with a model: Afrikaans has most of the words of Dutch.
    pub lead: f32,
}

impl Votes {
    /// Counts the little words of a text in lower case.
    pub(super) fn of(lower: &str) -> Self {
        let mut scores = [0.0_f32; WORDS.len()];
        let words = lower.split(|c: char| !c.is_alphabetic() && c != '\'' && c != '’' && c != '-');
        for word in words.filter(|word| !word.is_empty()) {
            let Some(&tongues) = index().get(word) else {
                continue;
            };
            let share = 1.0 / tongues.count_ones() as f32;
            let mut left = tongues;
            while left != 0 {
                scores[left.trailing_zeros() as usize] += share;
                left &= left - 1;
            }
        }
        for (language, letters) in LETTERS {
            let row = WORDS.iter().position(|(code, _)| code == language);
            let score = &mut scores[row.expect("every language of LETTERS has a row in WORDS")];
            // Alone a letter proves nothing: wrongly decoded mail is full of them.
            if *score > 0.0 {
                *score +=
                    lower.chars().filter(|c| letters.contains(c)).take(MOST_LETTERS).count() as f32;
            }
        }
        Votes(scores)
    }

    /// Distinctive words for this language.
    pub(super) fn score(&self, language: Language) -> f32 {
        let scores = self.0.iter().zip(WORDS);
        scores.filter(|(_, (code, _))| *code == language.as_str()).map(|(score, _)| *score).sum()
    }

    /// `None` where there is no little word at all.
    pub(super) fn leader(&self) -> Option<Leader> {
        let rows = || self.0.iter().copied().enumerate();
        // Of equals the first row: the ones without a model come last.
        let (best, score) = rows().rev().max_by(|a, b| a.1.total_cmp(&b.1))?;
        let rivals = rows().filter(|(row, _)| *row != best && has_model(*row));
        let second = rivals.map(|(_, score)| score).fold(0.0, f32::max);
        let language = Language::of(WORDS[best].0);
        (score > 0.0).then_some(Leader { language, score, lead: score - second })
    }

    /// Do the words say this language rather than any other?
    pub(super) fn say(&self, language: Language) -> bool {
        let clear = |leader: Leader| leader.language == language && leader.lead >= LEAD_TO_SAY;
        self.leader().is_some_and(clear)
    }

    /// Distinctive words for the best language without a model.
    pub(super) fn without_model(&self) -> f32 {
        let rows = self.0.iter().enumerate().filter(|(row, _)| !has_model(*row));
        rows.map(|(_, score)| *score).fold(0.0, f32::max)
    }

    /// The languages with at least this many distinctive words.
    pub(super) fn at_least(&self, score: f32) -> impl Iterator<Item = Language> {
        let rows = self.0.iter().zip(WORDS);
        rows.filter(move |(own, _)| **own >= score).map(|(_, (code, _))| Language::of(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_words_name_the_language() {
        for (text, expected) in [
            ("we would like to know if there is a room", Some("en")),
            ("nous avons une question sur votre chambre", Some("fr")),
            ("não temos a certeza, mas pode ser depois das dez", Some("pt")),
            ("wij hebben een vraag over de kamer", Some("nl")),
            ("имате ли свободна стая за две нощи, моля", Some("bg")),
            ("ons kom vrydag en ons het nie 'n kar nie", Some("af")),
            ("me har ikkje bestilt rom, men de veit kva det kostar", Some("nb")),
            ("xyzzy plugh", None),
        ] {
            let best = Votes::of(text).leader().map(|leader| leader.language.to_string());
            assert_eq!(best.as_deref(), expected, "{text}");
        }
    }
}
