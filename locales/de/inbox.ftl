# The words of the inbox's pages. build.rs compares the languages and makes a method of every key.

## Every page

language = de
skip = Zum Inhalt
search = Suchen
search-help = Wort "genaue Wortfolge" Anfang* from: channel: lang: after: before: has:attachment
settings = Einstellungen
sign-out = Abmelden
back = Posteingang
cancel = Abbrechen
save = Speichern
set = Übernehmen
sorry = Das hat nicht geklappt
problem-bad = Die Seite hat etwas gesendet, das nicht lesbar war. Gehen Sie zurück und versuchen Sie es noch einmal.
problem-forbidden = Dazu sind Sie nicht berechtigt. Fragen Sie einen Inhaber des Hauses.
problem-plan = Nachrichten gehören nicht zum Tarif dieses Hauses. Anfragen kommen weiter per E-Mail, und alles Empfangene bleibt erhalten. Fragen Sie den Betreiber.
problem-not-found = Unter dieser Adresse ist nichts. Vielleicht wurde es gelöscht oder verschoben.
problem-deleted = Diese Unterhaltung ist gelöscht. Stellen Sie sie zuerst wieder her.
problem-large = Das ist zu groß. Senden Sie kleinere Dateien.
problem-often = Das waren zu viele Versuche in kurzer Zeit. Versuchen Sie es in einer Minute noch einmal.
problem-ours = Das geht gerade nicht. Versuchen Sie es in einer Minute noch einmal.

## Signing in

sign-in = Anmelden
your-address = Ihre E-Mail-Adresse
send-link = Link zusenden
link-sent = Gehört die Adresse einem Mitglied, ist ein Link unterwegs. Er gilt einmal, 15 Minuten lang.
link-stale = Dieser Link wurde schon benutzt oder ist zu alt.
link-elsewhere = Dieser Link gilt in dem Browser, in dem er angefordert wurde. Dort öffnen, oder hier einen neuen anfordern.
mail-subject = Ihr Link zum Posteingang
mail-what = Dieser Link öffnet den Posteingang von { $house }:
mail-once = Er gilt einmal, 15 Minuten lang, in dem Browser, in dem er angefordert wurde. Wenn Sie ihn nicht angefordert haben, ist nichts zu tun: Ohne diesen Link kommt niemand hinein.
signed-out = Sie sind abgemeldet. Was Sie hier schreiben, wird erst gespeichert, wenn Sie sich wieder anmelden.
not-live = Die Verbindung ist unterbrochen: Neues wird erst gezeigt, wenn sie wieder da ist.

## Numbers, dates, sizes; $time and $year come as digits

thousands = {"."}
decimal = {","}
bytes = { $size } B
kilobytes = { $size } kB
megabytes = { $size } MB
month = { $number ->
    [1] Jan.
    [2] Feb.
    [3] März
    [4] Apr.
    [5] Mai
    [6] Juni
    [7] Juli
    [8] Aug.
    [9] Sept.
    [10] Okt.
    [11] Nov.
   *[12] Dez.
}
day = { $day }. { $month }
day-of-year = { $day }. { $month } { $year }
moment = { $day }, { $time }
stay = { $arrival } – { $departure }
nights = { $count ->
    [one] { $count } Nacht
   *[other] { $count } Nächte
}
language-name = { $code ->
    [af] Afrikaans
    [ar] Arabisch
    [bg] Bulgarisch
    [ca] Katalanisch
    [cs] Tschechisch
    [da] Dänisch
    [de] Deutsch
    [el] Griechisch
    [en] Englisch
    [es] Spanisch
    [et] Estnisch
    [eu] Baskisch
    [fa] Persisch
    [fi] Finnisch
    [fr] Französisch
    [gl] Galicisch
    [he] Hebräisch
    [hi] Hindi
    [hr] Kroatisch
    [hu] Ungarisch
    [hy] Armenisch
    [id] Indonesisch
    [is] Isländisch
    [it] Italienisch
    [ja] Japanisch
    [ka] Georgisch
    [ko] Koreanisch
    [lt] Litauisch
    [lv] Lettisch
    [mk] Mazedonisch
    [nb] Norwegisch
    [nl] Niederländisch
    [pl] Polnisch
    [pt] Portugiesisch
    [ro] Rumänisch
    [ru] Russisch
    [sk] Slowakisch
    [sl] Slowenisch
    [sq] Albanisch
    [sr] Serbisch
    [sv] Schwedisch
    [th] Thailändisch
    [tr] Türkisch
    [uk] Ukrainisch
    [vi] Vietnamesisch
    [zh] Chinesisch
   *[other] { $code }
}

## The list

received = { $count ->
    [one] erhalten
   *[other] erhalten
}
requiring = zu beantworten
counted-unread = { $count ->
    [one] ungelesen
   *[other] ungelesen
}
filters = Filter
other-houses = Ihre anderen Häuser
conversations = Unterhaltungen
all = Alle
needs-reply = Antwort nötig
unread = ungelesen
unread-one = ungelesen
begin-with = Dem Gast einer Buchung schreiben
reservation-number = Buchungsnummer
begin = Öffnen
begin-unknown = Keine verbundene Plattform kennt diese Buchungsnummer. Prüfen Sie, ob sie so geschrieben ist wie dort.
begin-not-said = Die Plattform antwortet gerade nicht. Versuchen Sie es in einer Minute noch einmal.
held-short = zurückgehalten
not-delivered = nicht zugestellt
undelivered = nicht zugestellt
open = Offen
set-aside = geschlossen
trash = Gelöscht
any = alle
by-channel = Kanal
by-language = Sprache
narrow = Anzeigen
narrowing = Kanal, Sprache
found = { $count ->
    [one] { $count } Unterhaltung gefunden
   *[other] { $count } Unterhaltungen gefunden
}
found-more = Mehr als { $count } Unterhaltungen gefunden
said-by-us = Wir:
said-in-note = Notiz:
select = Auswählen
select-all = Alle auswählen
mark-read = Als gelesen markieren
mark-unread = Als ungelesen markieren
done-short = Erledigt
close = Schließen
delete = Löschen
really-delete = Die ausgewählten Unterhaltungen löschen?
delete-these = { $count ->
    [one] Diese Unterhaltung löschen?
   *[other] Diese { $count } Unterhaltungen löschen?
}
restorable = { $days ->
    [1] Gelöschtes lässt sich einen Tag lang wiederherstellen.
   *[other] Gelöschtes lässt sich { $days } Tage lang wiederherstellen.
}
deleted = { $count ->
    [one] { $count } Unterhaltung gelöscht
   *[other] { $count } Unterhaltungen gelöscht
}
is-deleted = gelöscht
undo = Rückgängig
restore = Wiederherstellen
nothing = Nichts hier.
search-examples = So können Sie auch suchen:
first-use = Hier erscheint, was Gäste an { $address } schreiben und was sie mit Ihrem Formular senden:
older = Ältere

## Channels; platforms keep their names

channel-form = Formular
channel-email = E-Mail
channel-api = Posteingang

## A conversation

closed = geschlossen
done = Erledigt: keine Antwort nötig
reopen = Wieder öffnen
signature = Signatur
quoted = Zitierter Text
a-note = Notiz, wird nicht gesendet
probably-a-robot = vermutlich ein Roboter
is-a-person = Das schrieb ein Mensch: annehmen
is-a-robot = Ein Roboter: verwerfen
held = zurückgehalten: noch nicht gesendet
held-tag = zurückgehalten
as-sent = Mit Formatierung
discarded = verworfen
automatic = automatisch
visitors-language = Sprache des Gastes
as-they-write = die Sprache, in der er schreibt
withheld = Zurückgehalten, weil sich hier Maschinen zu antworten scheinen.
no-loop = Hier schreiben Menschen: Zurückgehaltenes senden
by-reply-address = Hier, weil die Antwortadresse benutzt wurde.
by-issued-id = Hier, weil es eine Mail von uns beantwortet.
by-known-id = Hier, weil es eine frühere Mail beantwortet.
by-reservation = Hier, weil es die Reservierung nennt.
by-move = Hier, weil hierher verschoben wurde, worauf es antwortet.
by-form = Hier, weil das Kontaktformular benutzt wurde.
by-channel-thread = Hier, weil { $channel } es dieser Unterhaltung zugeordnet hat.
by-nothing = Hier, weil nichts darin zu einer früheren Unterhaltung gehört.
by-forwarding = Hier, weil ein Mitglied es weitergeleitet hat.
earlier = { $count ->
    [one] { $count } frühere Nachricht
   *[other] { $count } frühere Nachrichten
}
unproven = Nichts beweist, dass dieser Absender ist, wer er zu sein angibt: { $evidence }
translating = wird übersetzt
pending = übersetzt, wird in wenigen Sekunden gesendet
original = Original
read-as = So liest es der Gast, auf { $language }
no-translation = Nicht übersetzt:
no-engine = für { $from } → { $to } ist hier keine Übersetzung eingerichtet.
rough = Die Übersetzung ist grob und kann stellenweise falsch sein
redacted = Die Plattform hat Betrugsverdächtiges entfernt
quarantined = Vorsicht: Absender zweifelhaft
invitation = Einladung
cancelled-invitation = Einladung abgesagt
dangerous = kann ein Programm sein: mit Vorsicht öffnen
look-into = { $name } ansehen
refused = nicht gesendet
answer-there = Auf der Buchungsplattform öffnen

## What stands in the fields of the form

field-arrival = Anreise
field-departure = Abreise
field-guests = Gäste
field-phone = Telefon

## What became of a reply

waiting = Unterwegs an { $to }
delayed = Verzögert; nächster Versuch { $at }: { $to }
accepted = Angenommen vom Mailserver für { $to }, { $at }
accepted-by = Angenommen von { $server } für { $to }, { $at }
failed = Nicht zugestellt an { $to }
unknown = Wir wissen nicht, ob dies ankam bei { $to }
kept-back = Zurückgehalten, weil sich hier Maschinen zu antworten scheinen: { $to }
server-said = Antwort des Servers: { $text }

## Lines of the timeline

event-done = Keine Antwort nötig
event-language = Die Sprache des Gastes wurde festgelegt
event-translated = Übersetzt
event-undeliverable = Der Gast hat keine Adresse hinterlassen
event-released = Zurückgehaltenes geht weiter
event-confirmed = Vom Mitglied bestätigt
event-discarded = Verworfen
event-taken-back = Senden rückgängig gemacht
event-restored = Wieder da, weil der Gast erneut schrieb
event-refused = Nicht gesendet
event-accepted = Ein Mensch hat das Formular ausgefüllt
event-quarantined = Als unecht beiseitegelegt
event-merged = Zusammengeführt
event-split = Abgetrennt
event-moved = Verschoben
event-failed = Nicht zugestellt
event-delayed = Verzögert, wir versuchen es weiter
event-unknown = Vielleicht nicht zugestellt
event-loop-stopped = Zurückgehalten, weil sich hier Maschinen zu antworten scheinen.
event-bounced = Zurückgekommen
event-delivered = Zugestellt
event-complaint = Als unerwünscht gemeldet
event-automatic-reply = Eine automatische Antwort
event-with = { $event }: { $text }

## Replying

your-reply = Ihre Antwort
files = Dateien
at-most = höchstens { $size }
too-large = Zusammen sind diese Dateien größer als { $size }. Nehmen Sie eine heraus.
take-out = Herausnehmen
uploading = Wird hochgeladen
not-uploaded = Die Verbindung ist abgebrochen. Versuchen Sie es noch einmal: Nichts wird doppelt gesendet.
empty-reply = Schreiben Sie zuerst etwas.
send = Senden
translate-and-send = Übersetzen und senden
send-as-written = Unübersetzt senden
edit-in-inbox = Im Posteingang bearbeiten
send-now = Jetzt senden
stop = Nicht senden
preview = Übersetzung ansehen
text-changed = Der Text wurde nach dieser Übersetzung geändert. Sehen Sie die neue an, bevor Sie senden.
your-correction = Ihre Korrektur zum Text davor:
will-read = So wird es der Gast lesen, auf { $language } (Sie können es ändern)
back-translated = Zurückübersetzt, zum Vergleichen
note = Als Notiz behalten
save-draft = Entwurf speichern
draft-saved = Entwurf gespeichert
leaves-in = Wird in { $seconds } s gesendet.
take-back = Rückgängig
too-late = Sie ist schon unterwegs.
hold-send = Das waren wir: senden
hold-discard = Verwerfen

## Settings

audit = Wer hat was getan
the-house = Ihr Haus
name-visitors-read = Der Name, den Gäste lesen
mail-to = E-Mail-Adresse:
its-language = Sprache des Hauses
time-zone = Zeitzone
below-replies = Signatur unter jeder Antwort
members = Mitglieder
owner = Inhaber
answers = kann antworten
only-reads = kann nur lesen
reads-too = Sprachen, die außer der des Hauses gelesen werden
leaves-as-written = Antworten gehen unübersetzt hinaus, wenn keine Übersetzung verlangt wird
is-mailed = Neue Nachrichten kommen per Mail
signed-in-with = Angemeldet mit
this-browser = dieser Browser
contact-form = Kontaktformular
for-your-site = Für die eigene Website
connections = Verbindungen
active = aktiv
paused = angehalten
broken = gestört
relay-mail = Booking.com und Airbnb per E-Mail
relay-mail-is = Für diesen Test wird nichts verschickt, denn hinter jeder ihrer Adressen steht ein Gast. Der Test zeigt nur, was zuletzt ankam und wie die letzte Antwort endete.
test-relay = Testen
relay-heard = ein Gast schrieb zuletzt { $at }.
relay-unheard = noch hat kein Gast geschrieben. Lassen Sie die Nachrichten an { $sender } schicken.
relay-untried = Noch wurde keine Antwort verschickt. Tragen Sie vor der ersten { $sender } dort ein: { $place }.
relay-under-way = Die letzte Antwort ist seit { $at } unterwegs.
relay-works = Die letzte Antwort wurde { $at } angenommen.
relay-refused = Die letzte Antwort von { $at } wurde abgelehnt. Tragen Sie { $sender } dort ein: { $place }.
relay-place-booking = Extranet, Unterkunft, Nachrichteneinstellungen, Sicherheitseinstellungen, Ihre E-Mail-Adressen
relay-place-airbnb = als E-Mail-Adresse des Kontos
saved = Gespeichert.
setting-name = Ein Haus braucht einen Namen aus einer Zeile und höchstens 100 Zeichen.
setting-language = Sprache „{ $wrong }“: Schreiben Sie zwei Buchstaben, etwa pt.
setting-zone = Zeitzone „{ $wrong }“: Schreiben Sie einen Namen wie Europe/Lisbon.
setting-signature = Die Signatur ist länger als 1000 Zeichen.
in-this-browser = In diesem Browser
shortcuts = Tastenkürzel
key-walk = nächste, vorige Unterhaltung
key-tick = auswählen
key-delete = Ausgewählte löschen
key-search = suchen
key-reply = antworten
key-back = zurück zur Liste
key-help = diese Tasten
shut = Schließen

## What somebody did, behind their name

action-sign-in = hat sich angemeldet
action-sign-out = hat sich abgemeldet
action-house = ist aus einem anderen Haus gekommen
action-house-tried = hat versucht, in ein anderes Haus zu wechseln
action-begin = schrieb einem Gast zuerst
action-reply = hat geantwortet
action-held = hat eine Antwort geschrieben, die zurückgehalten wird
action-note = hat eine Notiz geschrieben
action-undo = hat das Senden einer Antwort rückgängig gemacht
action-held-send = hat eine zurückgehaltene Antwort freigegeben
action-held-as-written = hat eine Antwort unübersetzt gesendet
action-held-discard = hat eine Antwort verworfen
action-read = hat als gelesen markiert
action-unread = hat als ungelesen markiert
action-done = hat gesagt, dass keine Antwort nötig ist
action-close = hat geschlossen
action-reopen = hat wieder geöffnet
action-delete = hat gelöscht
action-restore = hat wiederhergestellt
action-release = hat zurückgehaltene Mail weitergeschickt
action-merge = hat Unterhaltungen zusammengeführt
action-split = hat eine Unterhaltung geteilt
action-move = hat Nachrichten verschoben
action-language = hat die Sprache des Gastes festgelegt
action-settings = hat die Einstellungen geändert
action-member = hat die Einstellungen eines Mitglieds geändert
action-sessions = hat einen Browser abgemeldet
action-member-add = hat ein Mitglied hinzugefügt
action-member-remove = hat ein Mitglied entfernt
action-token = hat die API-Token geändert
action-form = hat das Formular geändert
action-connection = hat eine Verbindung geändert
action-glossary = hat das Glossar geändert
action-memory = hat das Übersetzungsgedächtnis gefüllt
action-import = hat Mail importiert
action-queue = hat Mail noch einmal senden lassen
action-refused = abgelehnt

## The page behind the link of a held reply

held-reply = Zurückgehaltene Antwort
held-will-read = Das wird der Gast lesen, auf { $language }:
held-written = Sie haben geschrieben:
held-waits = Diese Antwort wartet auf ihre Übersetzung.
held-because = Diese Antwort wurde noch nicht gesendet: { $why }
held-draft = Der Entwurf der Übersetzung ({ $language }):
held-was-it-you = Diese Antwort wurde noch nicht gesendet. Waren Sie das?
held-yes = Ja, das war ich: senden
held-no = Nein: verwerfen
held-sent = Diese Antwort wurde gesendet.
held-thrown-away = Diese Antwort wurde verworfen.
held-remember = Künftig Mail von { $address } über { $domains } sofort senden
