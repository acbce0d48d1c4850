# The words of the inbox's pages. build.rs compares the languages and makes a method of every key.

## Every page

language = de
skip = Zum Inhalt
search = Suchen
search-help = Wort "ein Satz" Anfang* from: channel: lang: after: before: has:attachment
settings = Einstellungen
sign-out = Abmelden
back = Posteingang
cancel = Abbrechen
save = Speichern
set = Setzen
sorry = Das ging nicht

## Signing in

sign-in = Anmelden
your-address = Ihre E-Mail-Adresse
send-link = Link zusenden
link-sent = Gehört die Adresse einem Mitglied, ist ein Link unterwegs. Er gilt einmal, 15 Minuten lang.
link-stale = Dieser Link wurde schon benutzt oder ist zu alt.
link-elsewhere = Dieser Link gilt in dem Browser, in dem er angefordert wurde. Dort öffnen, oder hier einen neuen anfordern.
mail-subject = Ihr Link zum Posteingang

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
all = Alle
needs-reply = Antwort nötig
unread = ungelesen
held-short = zurückgehalten
not-delivered = nicht zugestellt
open = Offen
set-aside = geschlossen
trash = Gelöscht
any = alle
by-channel = Kanal
by-language = Sprache
narrow = Zeigen
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
deleted = gelöscht
undo = Rückgängig
restore = Wiederherstellen
nothing = Nichts hier.
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
a-note = Notiz, nie gesendet
held = zurückgehalten: noch nicht gesendet
as-sent = Wie gesendet
discarded = verworfen
automatic = automatisch
visitors-language = Sprache des Gastes
as-they-write = wie er schreibt
withheld = Zurückgehalten, weil sich hier Maschinen zu antworten scheinen.
no-loop = Hier schreiben Menschen: Zurückgehaltenes senden
by-reply-address = Hier, weil die Antwortadresse benutzt wurde.
by-issued-id = Hier, weil es eine Mail von uns beantwortet.
by-known-id = Hier, weil es zu einer früheren Mail gehört.
by-reservation = Hier, weil es die Reservierung nennt.
by-move = Hier, weil hierher verschoben wurde, worauf es antwortet.
by-form = Hier, weil das Kontaktformular benutzt wurde.
by-channel-thread = Hier, weil { $channel } es sagt.
by-nothing = Hier, weil nichts darin zu einer früheren Unterhaltung gehört.
by-forwarding = Hier, weil ein Mitglied es weitergeleitet hat.
unproven = Nichts beweist, dass dieser Absender ist, wer er zu sein angibt: { $evidence }
translating = wird übersetzt
pending = übersetzt, geht gleich ab
original = Original
read-as = So wird es gelesen, auf { $language }
no-translation = Nicht übersetzt:
redacted = Die Plattform hat Betrugsverdächtiges entfernt
quarantined = Vorsicht: Absender zweifelhaft
invitation = Einladung
cancelled-invitation = Einladung abgesagt
dangerous = kann ein Programm sein: mit Vorsicht öffnen
look-into = { $name } ansehen
refused = nicht gesendet
answer-there = Auf der Buchungsplattform öffnen

## What became of a reply

waiting = Unterwegs an { $to }
delayed = Verzögert; nächster Versuch { $at }: { $to }
accepted = Angenommen vom Mailserver für { $to }, { $at }
accepted-by = Angenommen von { $server } für { $to }, { $at }
failed = Nicht zugestellt an { $to }
unknown = Wir wissen nicht, ob dies ankam bei { $to }
kept-back = Zurückgehalten, weil sich hier Maschinen zu antworten scheinen: { $to }

## Lines of the timeline

event-done = Keine Antwort nötig
event-language = Die Sprache des Gastes wurde gesetzt
event-translated = Übersetzt
event-undeliverable = Der Gast hat keine Adresse hinterlassen
event-released = Zurückgehaltenes geht weiter
event-confirmed = Vom Mitglied bestätigt
event-discarded = Verworfen
event-taken-back = Vor dem Senden zurückgenommen
event-restored = Wieder da, weil der Gast erneut schrieb
event-refused = Nicht gesendet
event-quarantined = Als unecht beiseitegelegt
event-merged = Zusammengeführt
event-split = Abgetrennt
event-moved = Verschoben
event-failed = Nicht zugestellt:
event-delayed = Verzögert, wir versuchen es weiter:
event-loop-stopped = Zurückgehalten, weil sich hier Maschinen zu antworten scheinen.

## Replying

your-reply = Ihre Antwort
files = Dateien
uploading = Wird hochgeladen
not-uploaded = Die Dateien sind nicht angekommen. Bitte noch einmal.
empty-reply = Schreiben Sie zuerst etwas.
send = Senden
translate-and-send = Übersetzen und senden
send-as-written = Unübersetzt senden
edit-in-inbox = Im Posteingang bearbeiten
send-now = Jetzt senden
stop = Nicht senden
preview = Übersetzung ansehen
will-read = Das wird gelesen; Sie können es ändern. Auf { $language }
back-translated = Zurückübersetzt, zum Vergleichen
note = Als Notiz behalten
save-draft = Entwurf speichern
draft-saved = Entwurf gespeichert
leaves-soon = Geht in wenigen Sekunden ab.
take-back = Senden rückgängig machen
too-late = Sie ist schon unterwegs.
hold-send = Das waren wir: senden
hold-discard = Verwerfen

## Settings

audit = Wer was getan hat
the-house = Das Haus
name-visitors-read = Der Name, den Gäste lesen
mail-to = Mail an
its-language = Seine Sprache
time-zone = Zeitzone
below-replies = Unter jeder Antwort an Gäste
members = Mitglieder
owner = Inhaber
answers = antwortet
only-reads = liest nur
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

## What somebody did, behind their name

action-sign-in = hat sich angemeldet
action-sign-out = hat sich abgemeldet
action-reply = hat geantwortet
action-held = hat eine Antwort geschrieben, die zurückgehalten wird
action-note = hat eine Notiz geschrieben
action-undo = hat eine Antwort zurückgenommen
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
action-language = hat die Sprache des Gastes gesetzt
action-settings = hat die Einstellungen geändert
action-member = hat die Vorlieben eines Mitglieds geändert
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

## The page behind the link of a held reply

held-reply = Zurückgehaltene Antwort
held-will-read = Das wird gelesen, auf { $language }:
held-written = Sie haben geschrieben:
held-waits = Diese Antwort wartet auf ihre Übersetzung.
held-because = Diese Antwort wurde noch nicht gesendet: { $why }
held-was-it-you = Diese Antwort wurde noch nicht gesendet. Waren Sie das?
held-yes = Ja, das war ich: senden
held-no = Nein: verwerfen
held-sent = Diese Antwort wurde gesendet.
held-thrown-away = Diese Antwort wurde verworfen.
held-remember = Künftig Mail von { $address } über { $domains } sofort senden
