# The words of the inbox's pages. build.rs compares the languages and makes a method of every key.

## Every page

language = it
skip = Vai al contenuto
search = Cerca
search-help = parola "una frase" inizio* from: channel: lang: after: before: has:attachment
settings = Impostazioni
sign-out = Esci
back = Posta in arrivo
cancel = Annulla
save = Salva
set = Imposta
sorry = Non ha funzionato

## Signing in

sign-in = Accedi
your-address = Il tuo indirizzo e-mail
send-link = Inviami un link
link-sent = Se l'indirizzo è di un membro, il link è in arrivo. Vale una volta, per 15 minuti.
link-stale = Questo link è già stato usato o è troppo vecchio.
link-elsewhere = Questo link funziona nel browser in cui è stato richiesto. Aprilo lì, oppure chiedine uno qui.
mail-subject = Il tuo link alla posta

## Numbers, dates, sizes; $time and $year come as digits

thousands = {"."}
decimal = {","}
bytes = { $size } B
kilobytes = { $size } kB
megabytes = { $size } MB
month = { $number ->
    [1] gen
    [2] feb
    [3] mar
    [4] apr
    [5] mag
    [6] giu
    [7] lug
    [8] ago
    [9] set
    [10] ott
    [11] nov
   *[12] dic
}
day = { $day } { $month }
day-of-year = { $day } { $month } { $year }
moment = { $day }, { $time }
stay = { $arrival } – { $departure }
nights = { $count ->
    [one] { $count } notte
   *[other] { $count } notti
}

## The list

received = { $count ->
    [one] ricevuto
   *[other] ricevuti
}
requiring = da rispondere
counted-unread = { $count ->
    [one] non letto
   *[other] non letti
}
filters = Filtri
all = Tutti
needs-reply = da rispondere
unread = non letti
held-short = trattenuti
not-delivered = non consegnato
open = Aperti
set-aside = chiusi
trash = Eliminati
any = tutti
by-channel = Canale
by-language = Lingua
narrow = Mostra
select = Seleziona
select-all = Seleziona tutto
mark-read = Segna come letto
mark-unread = Segna come non letto
done-short = Fatto
close = Chiudi
delete = Elimina
really-delete = Eliminare le conversazioni selezionate?
delete-these = { $count ->
    [one] Eliminare questa conversazione?
   *[other] Eliminare queste { $count } conversazioni?
}
deleted = eliminato
undo = Annulla eliminazione
restore = Ripristina
nothing = Niente qui.
older = Meno recenti

## Channels; platforms keep their names

channel-form = modulo
channel-email = e-mail
channel-api = posta

## A conversation

closed = chiuso
done = Fatto: nessuna risposta necessaria
reopen = Riapri
signature = Firma
quoted = Testo citato
a-note = nota, mai inviata
held = trattenuto: non ancora inviato
as-sent = Come è stato inviato
discarded = scartato
automatic = automatico
visitors-language = La lingua dell'ospite
as-they-write = come scrive
withheld = Trattenuto, perché sembra che si rispondano delle macchine.
no-loop = Qui scrivono persone: inviare ciò che è stato trattenuto
by-reply-address = Qui perché è stato usato l'indirizzo di risposta.
by-issued-id = Qui perché risponde a una nostra mail.
by-known-id = Qui perché appartiene a una mail precedente.
by-reservation = Qui perché nomina la prenotazione.
by-move = Qui perché è stato spostato qui ciò a cui risponde.
by-form = Qui perché è stato usato il modulo di contatto.
by-channel-thread = Qui perché lo dice { $channel }.
by-nothing = Qui perché nulla rimanda a una conversazione precedente.
by-forwarding = Qui perché un membro l'ha inoltrato.
unproven = Nulla prova che questo mittente sia chi dice di essere: { $evidence }
translating = in traduzione
pending = tradotto, parte tra un attimo
original = Originale
read-as = Come viene letto, in { $language }
no-translation = Non tradotto:
redacted = La piattaforma ha tolto qualcosa di sospetto
quarantined = Attenzione: mittente dubbio
invitation = Invito
cancelled-invitation = Invito annullato
dangerous = può essere un programma: aprire con cautela
look-into = Vedi { $name }
refused = non inviato
answer-there = Apri sulla piattaforma di prenotazione

## What became of a reply

waiting = In viaggio verso { $to }
delayed = In ritardo; prossimo tentativo { $at }: { $to }
accepted = Accettato dal server di { $to }, { $at }
accepted-by = Accettato da { $server } per { $to }, { $at }
failed = Non consegnato a { $to }
unknown = Non sappiamo se è arrivato a { $to }
kept-back = Trattenuto, perché sembra che si rispondano delle macchine: { $to }

## Lines of the timeline

event-done = Nessuna risposta necessaria
event-language = È stata scelta la lingua dell'ospite
event-translated = Tradotto
event-undeliverable = L'ospite non ha lasciato un indirizzo
event-released = Ciò che era trattenuto riparte
event-confirmed = Confermato dal membro
event-discarded = Scartato
event-taken-back = Ripreso prima dell'invio
event-restored = Di nuovo qui: l'ospite ha riscritto
event-refused = Non inviato
event-quarantined = Messo da parte: non autentico
event-merged = Unito
event-split = Separato
event-moved = Spostato
event-failed = Non consegnato:
event-delayed = In ritardo, riproviamo:
event-loop-stopped = Trattenuto, perché sembra che si rispondano delle macchine.

## Replying

your-reply = La tua risposta
files = File
uploading = Caricamento
not-uploaded = I file non sono arrivati. Riprova.
empty-reply = Scrivi prima qualcosa.
send = Invia
translate-and-send = Traduci e invia
send-as-written = Invia così com'è
edit-in-inbox = Modifica nella posta in arrivo
send-now = Invia ora
stop = Non inviare
preview = Vedi la traduzione
will-read = Questo sarà letto; puoi modificarlo. In { $language }
back-translated = Ritradotto, per confrontare
note = Conserva come nota
save-draft = Salva bozza
draft-saved = Bozza salvata
leaves-soon = Parte tra pochi secondi.
take-back = Annulla l'invio
too-late = È già partita.
hold-send = Eravamo noi: invia
hold-discard = Scarta

## Settings

audit = Chi ha fatto cosa
the-house = La casa
name-visitors-read = Il nome che leggono gli ospiti
mail-to = Posta a
its-language = La sua lingua
time-zone = Fuso orario
below-replies = Sotto ogni risposta a un ospite
members = Membri
owner = proprietario
answers = risponde
only-reads = legge soltanto
reads-too = Lingue lette oltre a quella della casa
leaves-as-written = Le risposte partono così come sono, salvo richiesta di traduzione
is-mailed = I nuovi messaggi arrivano per e-mail
signed-in-with = Accesso effettuato con
this-browser = questo browser
contact-form = Modulo di contatto
for-your-site = Per il proprio sito
connections = Connessioni
active = attiva
paused = in pausa
broken = interrotta

## What somebody did, behind their name

action-sign-in = ha effettuato l'accesso
action-sign-out = è uscito
action-reply = ha risposto
action-held = ha scritto una risposta trattenuta
action-note = ha scritto una nota
action-undo = ha ripreso una risposta
action-held-send = ha inviato una risposta trattenuta
action-held-as-written = ha inviato una risposta così com'era
action-held-discard = ha scartato una risposta
action-read = ha segnato come letto
action-unread = ha segnato come non letto
action-done = ha detto che non serve risposta
action-close = ha chiuso
action-reopen = ha riaperto
action-delete = ha eliminato
action-restore = ha ripristinato
action-release = ha fatto proseguire la posta trattenuta
action-merge = ha unito conversazioni
action-split = ha diviso una conversazione
action-move = ha spostato messaggi
action-language = ha scelto la lingua dell'ospite
action-settings = ha cambiato le impostazioni
action-member = ha cambiato le preferenze di un membro
action-sessions = ha disconnesso un browser
action-member-add = ha aggiunto un membro
action-member-remove = ha tolto un membro
action-token = ha cambiato i token dell'API
action-form = ha cambiato il modulo
action-connection = ha cambiato una connessione
action-glossary = ha cambiato il glossario
action-memory = ha riempito la memoria di traduzione
action-import = ha importato posta
action-queue = ha fatto rispedire la posta

## The page behind the link of a held reply

held-reply = Risposta trattenuta
held-will-read = Ecco cosa si leggerà, in { $language }:
held-written = Hai scritto:
held-waits = Questa risposta attende la traduzione.
held-because = Questa risposta non è ancora partita: { $why }
held-was-it-you = Questa risposta non è ancora partita. Sei stato tu?
held-yes = Sì, ero io: invia
held-no = No: scarta
held-sent = Questa risposta è stata inviata.
held-thrown-away = Questa risposta è stata scartata.
held-remember = D'ora in poi inviare subito la posta di { $address } tramite { $domains }
