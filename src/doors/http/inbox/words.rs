//! The sentences of the inbox: one line a sentence with a column for each language, so that a missing translation
//! does not compile. (budget: a table)

use crate::ground::phrases::Tongue;

/// The sentences in one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words(pub(super) Tongue);

#[rustfmt::skip]
impl Words {
    fn of(self, sentence: [&'static str; 6]) -> &'static str {
        let [en, fr, es, de, it, pt] = sentence;
        match self.0 {
            Tongue::En => en,
            Tongue::Fr => fr,
            Tongue::Es => es,
            Tongue::De => de,
            Tongue::It => it,
            Tongue::Pt => pt,
        }
    }

    pub(super) fn language(self) -> &'static str { self.of(["en", "fr", "es", "de", "it", "pt"]) }
    pub(super) fn skip(self) -> &'static str { self.of(["To the content", "Aller au contenu", "Ir al contenido", "Zum Inhalt", "Vai al contenuto", "Ir para o conteúdo"]) }
    pub(super) fn received(self) -> &'static str { self.of(["received", "reçus", "recibidos", "erhalten", "ricevuti", "recebidas"]) }
    pub(super) fn requiring(self) -> &'static str { self.of(["requiring a reply", "à répondre", "por responder", "zu beantworten", "da rispondere", "por responder"]) }
    pub(super) fn unread(self) -> &'static str { self.of(["unread", "non lus", "no leídos", "ungelesen", "non letti", "não lidas"]) }
    pub(super) fn needs_reply(self) -> &'static str { self.of(["needs reply", "à répondre", "por responder", "Antwort nötig", "da rispondere", "por responder"]) }
    pub(super) fn all(self) -> &'static str { self.of(["All", "Tous", "Todos", "Alle", "Tutti", "Todas"]) }
    pub(super) fn open(self) -> &'static str { self.of(["Open", "Ouverts", "Abiertos", "Offen", "Aperti", "Abertas"]) }
    pub(super) fn closed(self) -> &'static str { self.of(["closed", "fermé", "cerrado", "geschlossen", "chiuso", "fechada"]) }
    pub(super) fn set_aside(self) -> &'static str { self.of(["closed", "fermés", "cerrados", "geschlossen", "chiusi", "fechadas"]) }
    pub(super) fn not_delivered(self) -> &'static str { self.of(["not delivered", "non remis", "no entregado", "nicht zugestellt", "non consegnato", "não entregue"]) }
    pub(super) fn trash(self) -> &'static str { self.of(["Deleted", "Supprimés", "Eliminados", "Gelöscht", "Eliminati", "Eliminadas"]) }
    pub(super) fn filters(self) -> &'static str { self.of(["Filters", "Filtres", "Filtros", "Filter", "Filtri", "Filtros"]) }
    pub(super) fn search(self) -> &'static str { self.of(["Search", "Rechercher", "Buscar", "Suchen", "Cerca", "Procurar"]) }
    pub(super) fn select(self) -> &'static str { self.of(["Select", "Sélectionner", "Seleccionar", "Auswählen", "Seleziona", "Selecionar"]) }
    pub(super) fn nothing(self) -> &'static str { self.of(["Nothing here.", "Rien ici.", "Nada aquí.", "Nichts hier.", "Niente qui.", "Nada aqui."]) }
    pub(super) fn older(self) -> &'static str { self.of(["Older", "Plus anciens", "Más antiguos", "Ältere", "Meno recenti", "Mais antigas"]) }
    pub(super) fn delete(self) -> &'static str { self.of(["Delete", "Supprimer", "Eliminar", "Löschen", "Elimina", "Eliminar"]) }
    pub(super) fn really_delete(self) -> &'static str { self.of(["Delete the selected conversations?", "Supprimer les conversations sélectionnées ?", "¿Eliminar las conversaciones seleccionadas?", "Die ausgewählten Unterhaltungen löschen?", "Eliminare le conversazioni selezionate?", "Eliminar as conversas selecionadas?"]) }
    pub(super) fn cancel(self) -> &'static str { self.of(["Cancel", "Annuler", "Cancelar", "Abbrechen", "Annulla", "Cancelar"]) }
    pub(super) fn deleted(self) -> &'static str { self.of(["deleted", "supprimé", "eliminado", "gelöscht", "eliminato", "eliminada"]) }
    pub(super) fn undo(self) -> &'static str { self.of(["Undo", "Annuler la suppression", "Deshacer", "Rückgängig", "Annulla eliminazione", "Desfazer"]) }
    pub(super) fn save_draft(self) -> &'static str { self.of(["Save draft", "Garder le brouillon", "Guardar borrador", "Entwurf speichern", "Salva bozza", "Guardar rascunho"]) }
    pub(super) fn draft_saved(self) -> &'static str { self.of(["Draft saved", "Brouillon gardé", "Borrador guardado", "Entwurf gespeichert", "Bozza salvata", "Rascunho guardado"]) }
    pub(super) fn take_back(self) -> &'static str { self.of(["Undo", "Annuler l'envoi", "Deshacer el envío", "Senden rückgängig machen", "Annulla l'invio", "Anular o envio"]) }
    pub(super) fn leaves_soon(self) -> &'static str { self.of(["Leaves in a few seconds.", "Part dans quelques secondes.", "Sale en unos segundos.", "Geht in wenigen Sekunden ab.", "Parte tra pochi secondi.", "Sai dentro de segundos."]) }
    pub(super) fn too_late(self) -> &'static str { self.of(["It has left already.", "C'est déjà parti.", "Ya ha salido.", "Sie ist schon unterwegs.", "È già partita.", "Já saiu."]) }
    pub(super) fn restore(self) -> &'static str { self.of(["Restore", "Restaurer", "Restaurar", "Wiederherstellen", "Ripristina", "Restaurar"]) }
    pub(super) fn sign_in(self) -> &'static str { self.of(["Sign in", "Se connecter", "Iniciar sesión", "Anmelden", "Accedi", "Entrar"]) }
    pub(super) fn sign_out(self) -> &'static str { self.of(["Sign out", "Se déconnecter", "Cerrar sesión", "Abmelden", "Esci", "Sair"]) }
    pub(super) fn your_address(self) -> &'static str { self.of(["Your e-mail address", "Votre adresse e-mail", "Su dirección de correo", "Ihre E-Mail-Adresse", "Il tuo indirizzo e-mail", "O seu endereço de e-mail"]) }
    pub(super) fn send_link(self) -> &'static str { self.of(["Mail me a link", "M'envoyer un lien", "Enviarme un enlace", "Link zusenden", "Inviami un link", "Enviar-me uma ligação"]) }
    pub(super) fn link_sent(self) -> &'static str { self.of(["If this address belongs to a member, a link is on its way. It works once, for 15 minutes.", "Si cette adresse est celle d'un membre, un lien est en route. Il sert une fois, pendant 15 minutes.", "Si esta dirección es de un miembro, el enlace está en camino. Sirve una vez, durante 15 minutos.", "Gehört die Adresse einem Mitglied, ist ein Link unterwegs. Er gilt einmal, 15 Minuten lang.", "Se l'indirizzo è di un membro, il link è in arrivo. Vale una volta, per 15 minuti.", "Se o endereço for de um membro, a ligação vai a caminho. Serve uma vez, durante 15 minutos."]) }
    pub(super) fn link_stale(self) -> &'static str { self.of(["This link was used already or is too old.", "Ce lien a déjà servi ou est trop ancien.", "Este enlace ya se usó o es demasiado antiguo.", "Dieser Link wurde schon benutzt oder ist zu alt.", "Questo link è già stato usato o è troppo vecchio.", "Esta ligação já foi usada ou é demasiado antiga."]) }
    pub(super) fn back(self) -> &'static str { self.of(["Inbox", "Boîte de réception", "Bandeja de entrada", "Posteingang", "Posta in arrivo", "Caixa de entrada"]) }
    pub(super) fn done(self) -> &'static str { self.of(["Done: no reply needed", "Terminé : pas de réponse nécessaire", "Hecho: no hace falta responder", "Erledigt: keine Antwort nötig", "Fatto: nessuna risposta necessaria", "Concluído: não é preciso responder"]) }
    pub(super) fn close(self) -> &'static str { self.of(["Close", "Fermer", "Cerrar", "Schließen", "Chiudi", "Fechar"]) }
    pub(super) fn reopen(self) -> &'static str { self.of(["Reopen", "Rouvrir", "Reabrir", "Wieder öffnen", "Riapri", "Reabrir"]) }
    pub(super) fn mark_unread(self) -> &'static str { self.of(["Mark unread", "Marquer non lu", "Marcar no leído", "Als ungelesen markieren", "Segna come non letto", "Marcar como não lida"]) }
    pub(super) fn signature(self) -> &'static str { self.of(["Signature", "Signature", "Firma", "Signatur", "Firma", "Assinatura"]) }
    pub(super) fn quoted(self) -> &'static str { self.of(["Quoted text", "Texte cité", "Texto citado", "Zitierter Text", "Testo citato", "Texto citado"]) }
    pub(super) fn files(self) -> &'static str { self.of(["Files", "Fichiers", "Archivos", "Dateien", "File", "Ficheiros"]) }
    pub(super) fn your_reply(self) -> &'static str { self.of(["Your reply", "Votre réponse", "Su respuesta", "Ihre Antwort", "La tua risposta", "A sua resposta"]) }
    pub(super) fn empty_reply(self) -> &'static str { self.of(["Write something first.", "Écrivez d'abord quelque chose.", "Escriba algo primero.", "Schreiben Sie zuerst etwas.", "Scrivi prima qualcosa.", "Escreva primeiro alguma coisa."]) }
    pub(super) fn send(self) -> &'static str { self.of(["Send", "Envoyer", "Enviar", "Senden", "Invia", "Enviar"]) }
    pub(super) fn note(self) -> &'static str { self.of(["Keep as note", "Garder comme note", "Guardar como nota", "Als Notiz behalten", "Conserva come nota", "Guardar como nota"]) }
    pub(super) fn a_note(self) -> &'static str { self.of(["note, never sent", "note, jamais envoyée", "nota, nunca enviada", "Notiz, nie gesendet", "nota, mai inviata", "nota, nunca enviada"]) }
    pub(super) fn held(self) -> &'static str { self.of(["held: not sent yet", "retenu : pas encore envoyé", "retenido: aún no enviado", "zurückgehalten: noch nicht gesendet", "trattenuto: non ancora inviato", "retida: ainda não enviada"]) }
    pub(super) fn as_sent(self) -> &'static str { self.of(["As it was sent", "Tel qu'envoyé", "Tal como se envió", "Wie gesendet", "Come è stato inviato", "Tal como foi enviado"]) }
    pub(super) fn held_short(self) -> &'static str { self.of(["held", "retenus", "retenidos", "zurückgehalten", "trattenuti", "retidas"]) }
    pub(super) fn any(self) -> &'static str { self.of(["any", "tous", "todos", "alle", "tutti", "todos"]) }
    pub(super) fn by_channel(self) -> &'static str { self.of(["Channel", "Canal", "Canal", "Kanal", "Canale", "Canal"]) }
    pub(super) fn by_language(self) -> &'static str { self.of(["Language", "Langue", "Idioma", "Sprache", "Lingua", "Idioma"]) }
    pub(super) fn narrow(self) -> &'static str { self.of(["Show", "Afficher", "Mostrar", "Zeigen", "Mostra", "Mostrar"]) }
    pub(super) fn select_all(self) -> &'static str { self.of(["Select all", "Tout sélectionner", "Seleccionar todo", "Alle auswählen", "Seleziona tutto", "Selecionar tudo"]) }
    pub(super) fn mark_read(self) -> &'static str { self.of(["Mark read", "Marquer lu", "Marcar leído", "Als gelesen markieren", "Segna come letto", "Marcar como lida"]) }
    pub(super) fn done_short(self) -> &'static str { self.of(["Done", "Terminé", "Hecho", "Erledigt", "Fatto", "Concluído"]) }
    pub(super) fn search_help(self) -> &'static str { self.of(["word \"a phrase\" start* from: channel: lang: after: before: has:attachment", "mot \"une phrase\" début* from: channel: lang: after: before: has:attachment", "palabra \"una frase\" inicio* from: channel: lang: after: before: has:attachment", "Wort \"ein Satz\" Anfang* from: channel: lang: after: before: has:attachment", "parola \"una frase\" inizio* from: channel: lang: after: before: has:attachment", "palavra \"uma frase\" início* from: channel: lang: after: before: has:attachment"]) }
    pub(super) fn discarded(self) -> &'static str { self.of(["thrown away", "jeté", "descartado", "verworfen", "scartato", "descartada"]) }
    pub(super) fn automatic(self) -> &'static str { self.of(["automatic", "automatique", "automático", "automatisch", "automatico", "automática"]) }
    pub(super) fn hold_send(self) -> &'static str { self.of(["It was us: send it", "C'était nous : envoyer", "Fuimos nosotros: enviar", "Das waren wir: senden", "Eravamo noi: invia", "Fomos nós: enviar"]) }
    pub(super) fn hold_discard(self) -> &'static str { self.of(["Throw it away", "Jeter", "Descartar", "Verwerfen", "Scarta", "Descartar"]) }
    pub(super) fn waiting(self) -> &'static str { self.of(["On its way to", "En route vers", "En camino a", "Unterwegs an", "In viaggio verso", "A caminho de"]) }
    pub(super) fn delayed(self) -> &'static str { self.of(["Delayed, we keep trying:", "Retardé, nous essayons encore :", "Retrasado, seguimos intentándolo:", "Verzögert, wir versuchen es weiter:", "In ritardo, riproviamo:", "Atrasada, continuamos a tentar:"]) }
    pub(super) fn accepted(self) -> &'static str { self.of(["Accepted by the mail server for", "Accepté par le serveur de", "Aceptado por el servidor de", "Angenommen vom Mailserver für", "Accettato dal server di", "Aceite pelo servidor de"]) }
    pub(super) fn failed(self) -> &'static str { self.of(["Not delivered to", "Non remis à", "No entregado a", "Nicht zugestellt an", "Non consegnato a", "Não entregue a"]) }
    pub(super) fn settings(self) -> &'static str { self.of(["Settings", "Paramètres", "Ajustes", "Einstellungen", "Impostazioni", "Definições"]) }
    pub(super) fn audit(self) -> &'static str { self.of(["Who did what", "Qui a fait quoi", "Quién hizo qué", "Wer was getan hat", "Chi ha fatto cosa", "Quem fez o quê"]) }
    pub(super) fn the_house(self) -> &'static str { self.of(["The house", "La maison", "La casa", "Das Haus", "La casa", "A casa"]) }
    pub(super) fn name_visitors_read(self) -> &'static str { self.of(["The name visitors read", "Le nom que lisent les visiteurs", "El nombre que leen los visitantes", "Der Name, den Gäste lesen", "Il nome che leggono gli ospiti", "O nome que os visitantes leem"]) }
    pub(super) fn mail_to(self) -> &'static str { self.of(["Mail to", "Courrier à", "Correo a", "Mail an", "Posta a", "Correio para"]) }
    pub(super) fn its_language(self) -> &'static str { self.of(["Its language", "Sa langue", "Su idioma", "Seine Sprache", "La sua lingua", "A sua língua"]) }
    pub(super) fn time_zone(self) -> &'static str { self.of(["Time zone", "Fuseau horaire", "Zona horaria", "Zeitzone", "Fuso orario", "Fuso horário"]) }
    pub(super) fn below_replies(self) -> &'static str { self.of(["Below every reply to a visitor", "Sous chaque réponse à un visiteur", "Debajo de cada respuesta a un visitante", "Unter jeder Antwort an Gäste", "Sotto ogni risposta a un ospite", "Por baixo de cada resposta a um visitante"]) }
    pub(super) fn save(self) -> &'static str { self.of(["Save", "Enregistrer", "Guardar", "Speichern", "Salva", "Guardar"]) }
    pub(super) fn members(self) -> &'static str { self.of(["Members", "Membres", "Miembros", "Mitglieder", "Membri", "Membros"]) }
    pub(super) fn owner(self) -> &'static str { self.of(["owner", "propriétaire", "propietario", "Inhaber", "proprietario", "proprietário"]) }
    pub(super) fn answers(self) -> &'static str { self.of(["answers", "répond", "responde", "antwortet", "risponde", "responde"]) }
    pub(super) fn only_reads(self) -> &'static str { self.of(["only reads", "lit seulement", "solo lee", "liest nur", "legge soltanto", "só lê"]) }
    pub(super) fn reads_too(self) -> &'static str { self.of(["Languages read besides the house's", "Langues lues en plus de celle de la maison", "Idiomas que lee además del de la casa", "Sprachen, die außer der des Hauses gelesen werden", "Lingue lette oltre a quella della casa", "Línguas lidas além da da casa"]) }
    pub(super) fn leaves_as_written(self) -> &'static str { self.of(["Replies leave as written unless a translation is asked for", "Les réponses partent telles quelles, sauf si une traduction est demandée", "Las respuestas salen tal cual, salvo que se pida una traducción", "Antworten gehen unübersetzt hinaus, wenn keine Übersetzung verlangt wird", "Le risposte partono così come sono, salvo richiesta di traduzione", "As respostas saem tal como escritas, salvo se for pedida tradução"]) }
    pub(super) fn is_mailed(self) -> &'static str { self.of(["New messages are mailed", "Les nouveaux messages sont envoyés par e-mail", "Los mensajes nuevos se envían por correo", "Neue Nachrichten kommen per Mail", "I nuovi messaggi arrivano per e-mail", "As novas mensagens são enviadas por e-mail"]) }
    pub(super) fn contact_form(self) -> &'static str { self.of(["Contact form", "Formulaire de contact", "Formulario de contacto", "Kontaktformular", "Modulo di contatto", "Formulário de contacto"]) }
    pub(super) fn for_your_site(self) -> &'static str { self.of(["For your own site", "Pour votre propre site", "Para su propio sitio", "Für die eigene Website", "Per il proprio sito", "Para o seu próprio site"]) }
    pub(super) fn connections(self) -> &'static str { self.of(["Connections", "Connexions", "Conexiones", "Verbindungen", "Connessioni", "Ligações"]) }
    pub(super) fn active(self) -> &'static str { self.of(["active", "active", "activa", "aktiv", "attiva", "ativa"]) }
    pub(super) fn paused(self) -> &'static str { self.of(["paused", "en pause", "en pausa", "angehalten", "in pausa", "em pausa"]) }
    pub(super) fn broken(self) -> &'static str { self.of(["broken", "en panne", "rota", "gestört", "interrotta", "avariada"]) }
    pub(super) fn link_elsewhere(self) -> &'static str { self.of(["This link works in the browser where it was asked for. Open it there, or ask for one here.", "Ce lien fonctionne dans le navigateur où il a été demandé. Ouvrez-le là-bas, ou demandez-en un ici.", "Este enlace funciona en el navegador donde se pidió. Ábralo allí o pida uno aquí.", "Dieser Link gilt in dem Browser, in dem er angefordert wurde. Dort öffnen, oder hier einen neuen anfordern.", "Questo link funziona nel browser in cui è stato richiesto. Aprilo lì, oppure chiedine uno qui.", "Esta ligação funciona no navegador onde foi pedida. Abra-a lá, ou peça uma aqui."]) }
    pub(super) fn signed_in_with(self) -> &'static str { self.of(["Signed in with", "Connecté avec", "Sesiones iniciadas con", "Angemeldet mit", "Accesso effettuato con", "Sessão iniciada com"]) }
    pub(super) fn this_browser(self) -> &'static str { self.of(["this browser", "ce navigateur", "este navegador", "dieser Browser", "questo browser", "este navegador"]) }
    pub(super) fn visitors_language(self) -> &'static str { self.of(["The visitor's language", "La langue du visiteur", "El idioma del visitante", "Sprache des Gastes", "La lingua dell'ospite", "A língua do visitante"]) }
    pub(super) fn as_they_write(self) -> &'static str { self.of(["as they write", "comme il écrit", "como escribe", "wie er schreibt", "come scrive", "como escreve"]) }
    pub(super) fn set(self) -> &'static str { self.of(["Set", "Choisir", "Elegir", "Setzen", "Imposta", "Definir"]) }
    pub(super) fn withheld(self) -> &'static str { self.of(["Kept back, because it looks as if machines answer each other:", "Retenu, car des machines semblent se répondre :", "Retenido, porque parece que se responden máquinas:", "Zurückgehalten, weil sich hier Maschinen zu antworten scheinen:", "Trattenuto, perché sembra che si rispondano delle macchine:", "Retido, porque parece que são máquinas a responder umas às outras:"]) }
    pub(super) fn no_loop(self) -> &'static str { self.of(["People write here: send what was kept back", "Ce sont des personnes : envoyer ce qui a été retenu", "Aquí escriben personas: enviar lo retenido", "Hier schreiben Menschen: Zurückgehaltenes senden", "Qui scrivono persone: inviare ciò che è stato trattenuto", "Aqui escrevem pessoas: enviar o que foi retido"]) }
    pub(super) fn unknown(self) -> &'static str { self.of(["We do not know whether this arrived at", "Nous ne savons pas si ceci est arrivé chez", "No sabemos si esto llegó a", "Wir wissen nicht, ob dies ankam bei", "Non sappiamo se è arrivato a", "Não sabemos se isto chegou a"]) }
    pub(super) fn by_reply_address(self) -> &'static str { self.of(["Here because the reply address was used.", "Ici car l'adresse de réponse a été utilisée.", "Aquí porque se usó la dirección de respuesta.", "Hier, weil die Antwortadresse benutzt wurde.", "Qui perché è stato usato l'indirizzo di risposta.", "Aqui porque foi usado o endereço de resposta."]) }
    pub(super) fn by_issued_id(self) -> &'static str { self.of(["Here because it answers a mail of ours.", "Ici car c'est une réponse à un de nos e-mails.", "Aquí porque responde a un correo nuestro.", "Hier, weil es eine Mail von uns beantwortet.", "Qui perché risponde a una nostra mail.", "Aqui porque responde a um e-mail nosso."]) }
    pub(super) fn by_known_id(self) -> &'static str { self.of(["Here because it belongs to an earlier mail.", "Ici car il se rattache à un e-mail précédent.", "Aquí porque pertenece a un correo anterior.", "Hier, weil es zu einer früheren Mail gehört.", "Qui perché appartiene a una mail precedente.", "Aqui porque pertence a um e-mail anterior."]) }
    pub(super) fn translating(self) -> &'static str { self.of(["being translated", "en cours de traduction", "traduciéndose", "wird übersetzt", "in traduzione", "a ser traduzida"]) }
    pub(super) fn pending(self) -> &'static str { self.of(["translated, leaves in a moment", "traduit, part dans un instant", "traducido, sale en un momento", "übersetzt, geht gleich ab", "tradotto, parte tra un attimo", "traduzida, sai dentro de momentos"]) }
    pub(super) fn original(self) -> &'static str { self.of(["Original", "Original", "Original", "Original", "Originale", "Original"]) }
    pub(super) fn read_as(self) -> &'static str { self.of(["As it is read, in", "Tel qu'il est lu, en", "Como se lee, en", "So wird es gelesen, auf", "Come viene letto, in", "Como é lida, em"]) }
    pub(super) fn no_translation(self) -> &'static str { self.of(["Not translated:", "Non traduit :", "Sin traducir:", "Nicht übersetzt:", "Non tradotto:", "Não traduzida:"]) }
    pub(super) fn translate_and_send(self) -> &'static str { self.of(["Translate and send", "Traduire et envoyer", "Traducir y enviar", "Übersetzen und senden", "Traduci e invia", "Traduzir e enviar"]) }
    pub(super) fn preview(self) -> &'static str { self.of(["See the translation", "Voir la traduction", "Ver la traducción", "Übersetzung ansehen", "Vedi la traduzione", "Ver a tradução"]) }
    pub(super) fn will_read(self) -> &'static str { self.of(["This will be read; you may change it. In", "Ceci sera lu ; vous pouvez le modifier. En", "Esto se leerá; puede cambiarlo. En", "Das wird gelesen; Sie können es ändern. Auf", "Questo sarà letto; puoi modificarlo. In", "Isto será lido; pode alterá-lo. Em"]) }
    pub(super) fn back_translated(self) -> &'static str { self.of(["Translated back, to compare", "Retraduit, pour comparer", "Traducido de vuelta, para comparar", "Zurückübersetzt, zum Vergleichen", "Ritradotto, per confrontare", "Traduzido de volta, para comparar"]) }
    pub(super) fn send_as_written(self) -> &'static str { self.of(["Send as written", "Envoyer tel quel", "Enviar tal cual", "Unübersetzt senden", "Invia così com'è", "Enviar tal como está"]) }
    pub(super) fn send_now(self) -> &'static str { self.of(["Send now", "Envoyer maintenant", "Enviar ahora", "Jetzt senden", "Invia ora", "Enviar agora"]) }
    pub(super) fn stop(self) -> &'static str { self.of(["Do not send", "Ne pas envoyer", "No enviar", "Nicht senden", "Non inviare", "Não enviar"]) }
    /// What a line of the timeline is about; its own text is for the API and says more where it names addresses.
    pub(super) fn event(self, kind: &str) -> Option<&'static str> {
        Some(match kind {
            "done" => self.of(["No reply needed", "Pas de réponse nécessaire", "No hace falta responder", "Keine Antwort nötig", "Nessuna risposta necessaria", "Não é preciso responder"]),
            "language" => self.of(["The visitor's language was set", "La langue du visiteur a été choisie", "Se eligió el idioma del visitante", "Die Sprache des Gastes wurde gesetzt", "È stata scelta la lingua dell'ospite", "A língua do visitante foi definida"]),
            "translated" => self.of(["Translated", "Traduit", "Traducido", "Übersetzt", "Tradotto", "Traduzido"]),
            "failed" => self.failed(),
            "delayed" => self.delayed(),
            "undeliverable" => self.of(["The visitor left no address", "Le visiteur n'a pas laissé d'adresse", "El visitante no dejó dirección", "Der Gast hat keine Adresse hinterlassen", "L'ospite non ha lasciato un indirizzo", "O visitante não deixou endereço"]),
            "loop_stopped" => self.withheld(),
            "released" => self.of(["What was kept back goes on", "Ce qui était retenu repart", "Lo retenido sigue su camino", "Zurückgehaltenes geht weiter", "Ciò che era trattenuto riparte", "O que estava retido segue"]),
            "confirmed" => self.of(["Confirmed by the member", "Confirmé par le membre", "Confirmado por el miembro", "Vom Mitglied bestätigt", "Confermato dal membro", "Confirmado pelo membro"]),
            "discarded" => self.of(["Thrown away", "Jeté", "Descartado", "Verworfen", "Scartato", "Descartado"]),
            "taken_back" => self.of(["Taken back before it left", "Repris avant son départ", "Retirado antes de salir", "Vor dem Senden zurückgenommen", "Ripreso prima dell'invio", "Retirado antes de sair"]),
            "restored" => self.of(["Back, because the visitor wrote again", "De retour : le visiteur a de nouveau écrit", "De vuelta: el visitante escribió otra vez", "Wieder da, weil der Gast erneut schrieb", "Di nuovo qui: l'ospite ha riscritto", "De volta: o visitante escreveu de novo"]),
            "refused" => self.of(["Not sent", "Non envoyé", "No enviado", "Nicht gesendet", "Non inviato", "Não enviado"]),
            "quarantined" => self.of(["Set aside as not genuine", "Mis de côté, non authentique", "Apartado por no ser auténtico", "Als unecht beiseitegelegt", "Messo da parte: non autentico", "Posto de lado: não é autêntico"]),
            "merged" => self.of(["Merged", "Fusionné", "Fusionado", "Zusammengeführt", "Unito", "Fundida"]),
            "split" => self.of(["Split off", "Séparé", "Separado", "Abgetrennt", "Separato", "Separado"]),
            "moved" => self.of(["Moved", "Déplacé", "Movido", "Verschoben", "Spostato", "Movido"]),
            _ => return None,
        })
    }

    pub(super) fn channel(self, channel: &str) -> &'static str {
        match channel {
            "form" => self.of(["form", "formulaire", "formulario", "Formular", "modulo", "formulário"]),
            "booking" => "Booking.com",
            "airbnb" => "Airbnb",
            "channex" => "Channex",
            "api" => self.of(["inbox", "boîte", "bandeja", "Posteingang", "posta", "caixa"]),
            _ => self.of(["e-mail", "e-mail", "correo", "E-Mail", "e-mail", "e-mail"]),
        }
    }
    pub(super) fn redacted(self) -> &'static str { self.of(["The platform took something out that looked like fraud", "La plateforme a retiré un passage suspect", "La plataforma retiró algo sospechoso", "Die Plattform hat Betrugsverdächtiges entfernt", "La piattaforma ha tolto qualcosa di sospetto", "A plataforma retirou algo suspeito"]) }
    pub(super) fn quarantined(self) -> &'static str { self.of(["Careful: not from whom it claims", "Attention : expéditeur douteux", "Cuidado: remitente dudoso", "Vorsicht: Absender zweifelhaft", "Attenzione: mittente dubbio", "Cuidado: remetente duvidoso"]) }
    pub(super) fn dangerous(self) -> &'static str { self.of(["may be a program: open with care", "peut être un programme : à ouvrir avec prudence", "puede ser un programa: ábralo con cuidado", "kann ein Programm sein: mit Vorsicht öffnen", "può essere un programma: aprire con cautela", "pode ser um programa: abra com cuidado"]) }
    pub(super) fn refused(self) -> &'static str { self.of(["not sent", "non envoyé", "no enviado", "nicht gesendet", "non inviato", "não enviado"]) }
    pub(super) fn answer_there(self) -> &'static str { self.of(["Open it on the booking platform", "Ouvrir sur la plateforme de réservation", "Abrir en la plataforma de reservas", "Auf der Buchungsplattform öffnen", "Apri sulla piattaforma di prenotazione", "Abrir na plataforma de reservas"]) }
    pub(super) fn sorry(self) -> &'static str { self.of(["That did not work", "Cela n'a pas marché", "No ha funcionado", "Das ging nicht", "Non ha funzionato", "Não funcionou"]) }
    pub(super) fn mail_subject(self) -> &'static str { self.of(["Your link to the inbox", "Votre lien vers la boîte de réception", "Su enlace a la bandeja de entrada", "Ihr Link zum Posteingang", "Il tuo link alla posta", "A sua ligação para a caixa de entrada"]) }
}
