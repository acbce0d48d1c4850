//! Short hotel texts, hazards and mixed mails; the large sets are scored by `examples/score_language.rs`.

use super::*;

#[test]
fn sentences_of_guests_are_told_apart() {
    for (text, expected) in [
        ("Do you have a double room for two nights in August?", "en"),
        ("Bonjour, avez-vous une chambre pour deux nuits ?", "fr"),
        ("Guten Tag, haben Sie noch ein Zimmer frei?", "de"),
        ("Boa tarde, têm quartos livres no fim de semana?", "pt"),
        ("Buenas tardes, ¿tienen habitaciones libres el fin de semana?", "es"),
        ("Buongiorno, avete una camera libera per due notti?", "it"),
        ("Hebben jullie nog een kamer vrij dit weekend?", "nl"),
        ("Bon dia, voldríem saber si hi ha una habitació lliure amb vistes", "ca"),
        ("Hej, har ni ett rum ledigt för två nätter?", "sv"),
        ("Dzień dobry, czy mają państwo wolny pokój na dwie noce?", "pl"),
        ("Καλησπέρα, έχετε δωμάτιο;", "el"),
        ("Добрый вечер, у вас есть свободные номера на выходные?", "ru"),
        ("Добрий вечір, чи є у вас вільні номери?", "uk"),
        ("こんにちは、部屋は空いていますか", "ja"),
        ("你好，请问还有房间吗", "zh"),
        ("안녕하세요, 방이 있나요", "ko"),
        ("WE WILL ARRIVE LATE IN THE EVENING", "en"),
    ] {
        let detected = detect(text);
        assert_eq!(
            detected.language.map(|l| l.to_string()).as_deref(),
            Some(expected),
            "{text}: {detected:?}"
        );
    }
}

/// Each of these was surely German, Norwegian or nobody's.
#[test]
fn little_words_tell_neighbours_apart() {
    for (text, expected) in [
        ("Dette er ein stad der ein kan bade og ro.", "nb"),
        ("Jeg har bare siden før været her på hotellet.", "da"),
        ("Por favor transfira 1.348,00 € para a conta antes de 5 de dezembro.", "pt"),
        ("Is daar parkering vir ons kar en kan ons laat aankom?", "af"),
        ("Otelinizə axşam gec gələcəyik, otağımız hazır olacaqmı?", "az"),
        ("A keni parking pranë hotelit dhe sa kushton?", "sq"),
    ] {
        let detected = detect(text);
        let said = detected.language.map(|language| language.to_string());
        assert_eq!(said.as_deref(), Some(expected), "{text}: {detected:?}");
    }
}

/// Asked about few, the judge is surer than it should be: Breton is not Slovak because it is neither Czech nor German.
#[test]
fn a_language_that_is_none_of_the_few_is_not_said() {
    for text in [
        "Ket ur gambr evit div noz a zo ganeoc'h e miz Eost?",
        "Ĉu vi havas liberan ĉambron por du noktoj en aŭgusto?",
    ] {
        let detected = detect(text);
        assert_eq!(detected.language, None, "{text}: {detected:?}");
    }
}

#[test]
fn too_little_text_says_nothing() {
    for text in [
        "",
        "14:00",
        "👍👍",
        "OK",
        "Yes",
        "Merci",
        "Hello",
        "No",
        "https://a.example/b",
        "+351 912 345 678",
    ] {
        let detected = detect(text);
        assert!(detected.too_short && detected.language.is_none(), "{text}: {detected:?}");
    }
}

/// So short it is guessed, and guessed for the language of most who say it.
#[test]
fn an_answer_in_a_word_is_guessed() {
    for (text, expected) in [
        ("Sí, 95 euros.", "es"),
        ("Sì!", "it"),
        ("Yes, 95 euros.", "en"),
        ("Ja, 95 Euro.", "de"),
        ("Tak", "pl"),
        ("Igen.", "hu"),
        ("Olá", "pt"),
    ] {
        let detected = detect(text);
        assert!(detected.too_short && detected.language.is_none(), "{text}: {detected:?}");
        assert_eq!(detected.guess(), Some(Language::of(expected)), "{text}: {detected:?}");
    }
}

#[test]
fn hostile_text_is_answered() {
    for text in
        ["\0\0\0", "\u{202e}abc", &"a".repeat(100_000), &"é ".repeat(50_000), "ﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺ"]
    {
        let _ = detect(text);
    }
}

#[test]
fn bilingual_mails_are_recognised() {
    for (text, expected) in [
        (
            "Bonjour, nous arrivons demain soir vers dix heures avec les enfants.\n\
             Hello, we are arriving tomorrow evening at about ten with the children.",
            vec!["en", "fr"],
        ),
        ("Bom dia, a que horas é o check-in? Podemos chegar mais cedo ou não é possível?", vec![]),
        (
            "We arrive tomorrow. Is there a place where we can leave the car? Thank you very much.",
            vec![],
        ),
    ] {
        let mut mixed: Vec<_> = detect(text).mixed.iter().map(Language::to_string).collect();
        mixed.sort();
        assert_eq!(mixed, expected, "{text}");
    }
}

/// Scripts and letters that one language has to itself, and languages that are not ours at all: named rightly, or not
/// surely.
#[test]
fn no_language_is_surely_another() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        ("Khách sạn có cũi cho em bé không? Chúng tôi đến vào tối thứ sáu.", "vi"),
        ("Khách sạn có cũi cho em bé không?", "vi"),
        ("yatýrýmlarýnýn yeþil enerji kullanýmý ve paylaþýmý", "tr"), // latin-1 for latin-5
        ("Eruð þið með barnarúm? Við komum seint á föstudagskvöldið.", "is"),
        ("آیا تخت نوزاد دارید؟ ما جمعه شب می‌رسیم.", "fa"),
        ("Имате ли детско креватче? Пристигаме късно в петък вечерта.", "bg"),
        ("Да ли имате креветац за бебу? Стижемо касно у петак увече.", "sr"),
        ("Дали имате детско креветче? Пристигнуваме доцна во петок навечер.", "mk"),
        ("มีเตียงเด็กไหม เราจะมาถึงคืนวันศุกร์", "th"),
        ("क्या आपके पास बच्चे का पालना है? हम शुक्रवार को देर से आएंगे।", "hi"),
        ("გაქვთ ბავშვის საწოლი? პარასკევს გვიან ჩამოვალთ.", "ka"),
        ("Ունե՞ք մանկական մահճակալ, մենք ուշ կգանք", "hy"),
        ("Máte detskú postieľku? Prídeme neskoro v piatok večer.", "sk"),
        ("Ali imate otroško posteljico? Prispeli bomo pozno v petek zvečer.", "sl"),
        ("Kas teil on beebivoodi? Me saabume reede õhtul hilja.", "et"),
        ("Vai jums ir bērnu gultiņa? Mēs ieradīsimies vēlu piektdienas vakarā.", "lv"),
        ("Ar turite kūdikio lovytę? Atvyksime vėlai penktadienio vakare.", "lt"),
        ("Apakah ada tempat tidur bayi? Kami tiba larut malam pada hari Jumat.", "id"),
        ("Is daar parkeerplek by die hotel beskikbaar? Ons kom Vrydagaand laat aan.", "af"),
        ("A keni krevat për fëmijë? Ne do të arrijmë vonë të premten në mbrëmje.", "sq"),
        ("Ba al duzue sehaskarik? Ostiral gauean berandu iritsiko gara.", "eu"),
        ("Είμαστε τέσσερις και φτάνουμε αργά την Παρασκευή.", "el"),
        ("У вас есть детская кроватка? Мы приедем поздно вечером в пятницу.", "ru"),
        ("У вас є дитяче ліжечко? Ми приїдемо пізно ввечері в п'ятницю.", "uk"),
        ("هل لديكم سرير أطفال؟ سنصل في وقت متأخر من مساء الجمعة.", "ar"),
        ("Máte dětskou postýlku? Přijedeme pozdě v pátek večer.", "cs"),
    ] {
        let detected = detect(text);
        if detected.language.is_some_and(|said| said.as_str() != expected)
            || detected.guess().is_none()
        {
            wrong.push(format!("{expected}: {:?} {text}", detected.alternatives.first()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What has words its relative has not is not surely the relative, and the relative's own sentences stay sure.
#[test]
fn a_relative_is_not_surely_the_other() {
    let mut wrong = Vec::new();
    for (text, doubtful, named) in [
        ("Da li imate slobodnu sobu za petak? Hteli bismo da dođemo ranije.", true, "sr"),
        ("Šta je uključeno u cenu? Da li ima mesta za parking?", true, "sr"),
        ("Izvinite, zakasnićemo, voz kasni sat vremena", true, "sr"),
        ("Da li je doručak uključen u cijenu? Šta još nudite?", true, "sr"),
        ("Hoćemo li moći doći ranije? Voljeli bismo ostaviti prtljagu.", false, "hr"),
        ("Što je uključeno u cijenu? Gdje možemo parkirati?", false, "hr"),
        (
            "Htjela sam pitati smijemo li doći sa psom i ostaviti stvari poslije odjave.",
            false,
            "hr",
        ),
        ("Imate li sobu u augustu za jednu sedmicu? Dolazimo vozom.", true, "bs"),
        ("Imate li sobu u kolovozu za jedan tjedan? Dolazimo vlakom.", false, "hr"),
        ("Teñen habitación libre para o venres?", true, "gl"),
        ("Bos días, hai aparcadoiro?", true, "gl"),
        ("Canto custa a noite? Somos dúas persoas e unha nena", true, "gl"),
        ("Non, xa temos reserva noutro sitio", true, "gl"),
        ("Hola, ¿tienen habitación libre para el viernes por la noche?", false, "es"),
        ("Quanto custa a noite? Somos duas pessoas e uma menina.", false, "pt"),
        ("Adakah sarapan disertakan?", true, "ms"),
        ("ada bilik kosong tak untuk hari Jumaat", true, "ms"),
        ("Apakah ada kamar kosong untuk hari Jumat? Kami bisa tiba malam.", false, "id"),
        ("Is ontbyt ingesluit?", true, "af"),
        ("Is het ontbijt inbegrepen en kunnen we laat inchecken?", false, "nl"),
        ("हम रात दस बजे आएंगे", true, "hi"),
        ("हामी राति दस बजे आउँछौं", true, "ne"),
        ("Spasibo bolshoe, zavtrak vklyuchen?", true, "ru"),
        ("Zdravstvuyte, skolko stoit nomer?", true, "ru"),
        ("Kalimera, exete domatio gia duo atoma?", true, "el"),
    ] {
        let detected = detect(text);
        let found = detected.alternatives.iter().any(|(found, _)| found.as_str() == named);
        if detected.language.is_none() != doubtful || !found {
            wrong.push(format!("{named}: {detected:?} {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
