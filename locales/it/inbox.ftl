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
problem-bad = La pagina ha inviato qualcosa di illeggibile. Torna indietro e riprova.
problem-forbidden = Non hai il permesso di farlo. Chiedi a un proprietario della struttura.
problem-plan = I messaggi non fanno parte del piano di questa struttura. Le richieste arrivano ancora per e-mail e tutto ciò che è stato ricevuto è conservato. Chiedi all'amministratore.
problem-not-found = A questo indirizzo non c'è nulla. Forse è stato eliminato o spostato.
problem-deleted = Questa conversazione è eliminata. Prima ripristinala.
problem-large = È troppo grande. Invia file più piccoli.
problem-often = Sono troppi tentativi in poco tempo. Riprova tra un minuto.
problem-ours = Al momento non funziona. Riprova tra un minuto.

## Signing in

sign-in = Accedi
your-address = Il tuo indirizzo e-mail
send-link = Inviami un link
link-sent = Se l'indirizzo è di un membro, il link è in arrivo. Vale una volta, per 15 minuti.
link-stale = Questo link è già stato usato o è troppo vecchio.
link-elsewhere = Questo link funziona nel browser in cui è stato richiesto. Aprilo lì, oppure chiedine uno qui.
mail-subject = Il tuo link alla posta
mail-what = Questo link apre la posta in arrivo di { $house }:
mail-once = Vale una volta, per 15 minuti, nel browser in cui è stato chiesto. Se non l'hai chiesto tu, non devi fare nulla: senza questo link non entra nessuno.
signed-out = La sessione è terminata. Quello che scrivi qui non viene salvato finché non accedi di nuovo.
not-live = La connessione si è interrotta: le novità compaiono quando torna.

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
language-name = { $code ->
    [af] afrikaans
    [ar] arabo
    [bg] bulgaro
    [ca] catalano
    [cs] ceco
    [da] danese
    [de] tedesco
    [el] greco
    [en] inglese
    [es] spagnolo
    [et] estone
    [eu] basco
    [fa] persiano
    [fi] finlandese
    [fr] francese
    [gl] galiziano
    [he] ebraico
    [hi] hindi
    [hr] croato
    [hu] ungherese
    [hy] armeno
    [id] indonesiano
    [is] islandese
    [it] italiano
    [ja] giapponese
    [ka] georgiano
    [ko] coreano
    [lt] lituano
    [lv] lettone
    [mk] macedone
    [nb] norvegese
    [nl] olandese
    [pl] polacco
    [pt] portoghese
    [ro] rumeno
    [ru] russo
    [sk] slovacco
    [sl] sloveno
    [sq] albanese
    [sr] serbo
    [sv] svedese
    [th] thailandese
    [tr] turco
    [uk] ucraino
    [vi] vietnamita
    [zh] cinese
   *[other] { $code }
}

## The list

received = { $count ->
    [one] ricevuta
   *[other] ricevute
}
requiring = senza risposta
counted-unread = { $count ->
    [one] non letta
   *[other] non lette
}
filters = Filtri
other-houses = Le tue altre strutture
conversations = Conversazioni
all = Tutte
needs-reply = senza risposta
unread = non lette
unread-one = non letta
begin-with = Scrivi all'ospite di una prenotazione
reservation-number = Numero di prenotazione
begin = Apri
begin-unknown = Nessuna piattaforma collegata conosce questo numero di prenotazione. Controlla che sia scritto come lì.
begin-not-said = La piattaforma per ora non risponde. Riprova tra un minuto.
held-short = trattenute
not-delivered = non consegnata
undelivered = non consegnate
open = Aperte
set-aside = chiuse
trash = Eliminate
any = tutti
by-channel = Canale
by-language = Lingua
narrow = Mostra
narrowing = Canale, lingua
found = { $count ->
    [one] { $count } conversazione trovata
   *[other] { $count } conversazioni trovate
}
found-more = Più di { $count } conversazioni trovate
said-by-us = Noi:
said-in-note = Nota:
select = Seleziona
select-all = Seleziona tutto
mark-read = Segna come letta
mark-unread = Segna come non letta
done-short = Fatto
close = Chiudi
delete = Elimina
really-delete = Eliminare le conversazioni selezionate?
delete-these = { $count ->
    [one] Eliminare questa conversazione?
   *[other] Eliminare queste { $count } conversazioni?
}
restorable = { $days ->
    [1] Ciò che elimini si può ripristinare per un giorno.
   *[other] Ciò che elimini si può ripristinare per { $days } giorni.
}
deleted = { $count ->
    [one] { $count } conversazione eliminata
   *[other] { $count } conversazioni eliminate
}
is-deleted = eliminata
undo = Annulla eliminazione
restore = Ripristina
nothing = Niente qui.
search-examples = Puoi cercare anche così:
first-use = Qui compare ciò che gli ospiti scrivono a { $address } e ciò che inviano con il modulo:
older = Meno recenti

## Channels; platforms keep their names

channel-form = modulo
channel-email = e-mail
channel-api = posta

## A conversation

closed = chiusa
done = Fatto: nessuna risposta necessaria
reopen = Riapri
signature = Firma
quoted = Testo citato
a-note = nota, non viene inviata
probably-a-robot = probabilmente un robot
is-a-person = L'ha scritto una persona: accetta
is-a-robot = Un robot: scarta
held = trattenuta: non ancora inviata
held-tag = trattenuta
as-sent = Con la formattazione
discarded = scartata
automatic = automatico
visitors-language = La lingua dell'ospite
as-they-write = quella in cui scrive
withheld = Trattenuto, perché sembra che si rispondano delle macchine.
no-loop = Qui scrivono persone: invia ciò che è stato trattenuto
by-reply-address = Qui perché è stato usato l'indirizzo di risposta.
by-issued-id = Qui perché risponde a una nostra mail.
by-known-id = Qui perché risponde a una mail precedente.
by-reservation = Qui perché cita la prenotazione.
by-move = Qui perché è stato spostato qui ciò a cui risponde.
by-form = Qui perché è stato usato il modulo di contatto.
by-channel-thread = Qui perché { $channel } lo ha assegnato a questa conversazione.
by-nothing = Qui perché nulla rimanda a una conversazione precedente.
by-forwarding = Qui perché un membro l'ha inoltrato.
earlier = { $count ->
    [one] { $count } messaggio precedente
   *[other] { $count } messaggi precedenti
}
unproven = Nulla prova che questo mittente sia chi dice di essere: { $evidence }
translating = in traduzione
pending = tradotta, parte tra pochi secondi
original = Originale
read-as = Come la legge l'ospite, in { $language }
no-translation = Non tradotto:
no-engine = qui non è configurata alcuna traduzione per { $from } → { $to }.
rough = La traduzione è approssimativa e può contenere errori
redacted = La piattaforma ha tolto qualcosa di sospetto
quarantined = Attenzione: mittente dubbio
invitation = Invito
cancelled-invitation = Invito annullato
dangerous = può essere un programma: aprire con cautela
look-into = Anteprima di { $name }
refused = non inviata
answer-there = Apri sulla piattaforma di prenotazione

## What stands in the fields of the form

field-arrival = Arrivo
field-departure = Partenza
field-guests = Ospiti
field-phone = Telefono

## What became of a reply

waiting = In viaggio verso { $to }
delayed = In ritardo; prossimo tentativo { $at }: { $to }
accepted = Accettato dal server di { $to }, { $at }
accepted-by = Accettato da { $server } per { $to }, { $at }
failed = Non consegnato a { $to }
unknown = Non sappiamo se è arrivato a { $to }
kept-back = Trattenuto, perché sembra che si rispondano delle macchine: { $to }
server-said = Risposta del server: { $text }

## Lines of the timeline

event-done = Nessuna risposta necessaria
event-language = È stata scelta la lingua dell'ospite
event-translated = Traduzione
event-undeliverable = L'ospite non ha lasciato un indirizzo
event-released = Ciò che era trattenuto riparte
event-confirmed = Confermato dal membro
event-discarded = Scartata
event-taken-back = Invio annullato
event-restored = Di nuovo qui: l'ospite ha riscritto
event-refused = Non inviata
event-accepted = Una persona ha compilato il modulo
event-quarantined = Messa da parte: non autentica
event-merged = Conversazioni unite
event-split = Conversazione divisa
event-moved = Messaggi spostati
event-failed = Non consegnato
event-delayed = In ritardo, riproviamo
event-unknown = Forse non consegnato
event-loop-stopped = Trattenuto, perché sembra che si rispondano delle macchine.
event-bounced = Tornato indietro
event-delivered = Consegnato
event-complaint = Segnalato come indesiderato
event-automatic-reply = Una risposta automatica
event-with = { $event }: { $text }

## Replying

your-reply = La tua risposta
files = File
at-most = al massimo { $size }
too-large = Insieme questi file superano { $size }. Togline uno.
take-out = Togli
uploading = Caricamento
not-uploaded = La connessione si è interrotta. Riprova: nulla viene inviato due volte.
empty-reply = Scrivi prima qualcosa.
send = Invia
translate-and-send = Traduci e invia
send-as-written = Invia così com'è
edit-in-inbox = Modifica nella posta in arrivo
send-now = Invia ora
stop = Non inviare
preview = Vedi la traduzione
text-changed = Il testo è cambiato dopo questa traduzione. Controlla la nuova prima di inviare.
your-correction = La tua correzione del testo precedente:
will-read = Cosa leggerà l'ospite, in { $language } (puoi modificarlo)
back-translated = Ritradotto, per confrontare
note = Conserva come nota
save-draft = Salva bozza
draft-saved = Bozza salvata
leaves-in = Parte tra { $seconds } s.
take-back = Annulla l'invio
too-late = È già partita.
hold-send = Eravamo noi: invia
hold-discard = Scarta

## Settings

audit = Chi ha fatto cosa
the-house = La struttura
name-visitors-read = Il nome che leggono gli ospiti
mail-to = Indirizzo e-mail:
its-language = Lingua della struttura
time-zone = Fuso orario
below-replies = Firma in fondo a ogni risposta
members = Membri
owner = proprietario
answers = può rispondere
only-reads = può solo leggere
reads-too = Lingue lette oltre a quella della struttura
leaves-as-written = Le risposte partono così come sono, salvo richiesta di traduzione
is-mailed = I nuovi messaggi arrivano per e-mail
signed-in-with = Accesso effettuato con
this-browser = questo browser
contact-form = Modulo di contatto
for-your-site = Per il tuo sito
connections = Connessioni
active = attiva
paused = in pausa
broken = con errori
relay-mail = Booking.com e Airbnb via e-mail
relay-mail-is = Per questa prova non si invia nulla, perché dietro ogni loro indirizzo c'è un ospite. La prova mostra solo che cosa è arrivato per ultimo e com'è finita l'ultima risposta.
test-relay = Prova
relay-heard = un ospite ha scritto l'ultima volta { $at }.
relay-unheard = nessun ospite ha ancora scritto. Fai inviare i messaggi a { $sender }.
relay-untried = Nessuna risposta è stata ancora inviata. Prima della prima, registra lì { $sender }: { $place }.
relay-under-way = L'ultima risposta è in viaggio da { $at }.
relay-works = L'ultima risposta è stata accettata { $at }.
relay-refused = L'ultima risposta, di { $at }, è stata rifiutata. Registra lì { $sender }: { $place }.
relay-place-booking = Extranet, Struttura, Preferenze messaggi, Impostazioni di sicurezza, I tuoi indirizzi e-mail
relay-place-airbnb = come indirizzo e-mail dell'account
saved = Salvato.
setting-name = Serve un nome di una riga e di 100 caratteri al massimo.
setting-language = Lingua «{ $wrong }»: scrivi due lettere, per esempio pt.
setting-zone = Fuso orario «{ $wrong }»: scrivi un nome come Europe/Lisbon.
setting-signature = La firma supera i 1000 caratteri.
in-this-browser = In questo browser
shortcuts = Scorciatoie di un tasto
key-walk = conversazione successiva, precedente
key-tick = selezionarla
key-delete = eliminare le selezionate
key-search = cercare
key-reply = rispondere
key-back = tornare alla lista
key-help = questi tasti
shut = Chiudi

## What somebody did, behind their name

action-sign-in = ha effettuato l'accesso
action-sign-out = ha chiuso la sessione
action-house = è arrivato da un'altra struttura
action-house-tried = ha provato a passare a un'altra struttura
action-begin = ha scritto per primo a un ospite
action-reply = ha risposto
action-held = ha scritto una risposta trattenuta
action-note = ha scritto una nota
action-undo = ha annullato l'invio di una risposta
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
action-refused = rifiutato

## The page behind the link of a held reply

held-reply = Risposta trattenuta
held-will-read = Ecco cosa leggerà l'ospite, in { $language }:
held-written = Hai scritto:
held-waits = Questa risposta attende la traduzione.
held-because = Questa risposta non è ancora partita: { $why }
held-draft = La bozza della traduzione ({ $language }):
held-was-it-you = Questa risposta non è ancora partita. L'hai scritta tu?
held-yes = Sì, ero io: invia
held-no = No: scarta
held-sent = Questa risposta è stata inviata.
held-thrown-away = Questa risposta è stata scartata.
held-remember = D'ora in poi inviare subito la posta di { $address } tramite { $domains }
