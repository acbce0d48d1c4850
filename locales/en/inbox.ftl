# The words of the inbox's pages. build.rs compares the languages and makes a method of every key.

## Every page

language = en
skip = To the content
search = Search
search-help = word "a phrase" start* from: channel: lang: after: before: has:attachment
settings = Settings
sign-out = Sign out
back = Inbox
cancel = Cancel
save = Save
set = Set
sorry = That did not work

## Signing in

sign-in = Sign in
your-address = Your e-mail address
send-link = Mail me a link
link-sent = If this address belongs to a member, a link is on its way. It works once, for 15 minutes.
link-stale = This link was used already or is too old.
link-elsewhere = This link works in the browser where it was asked for. Open it there, or ask for one here.
mail-subject = Your link to the inbox

## Numbers, dates, sizes; $time and $year come as digits

thousands = {","}
decimal = {"."}
bytes = { $size } B
kilobytes = { $size } kB
megabytes = { $size } MB
month = { $number ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
day = { $day } { $month }
day-of-year = { $day } { $month } { $year }
moment = { $day }, { $time }
stay = { $arrival } – { $departure }
nights = { $count ->
    [one] { $count } night
   *[other] { $count } nights
}

## The list

received = { $count ->
    [one] received
   *[other] received
}
requiring = requiring a reply
counted-unread = { $count ->
    [one] unread
   *[other] unread
}
filters = Filters
all = All
needs-reply = needs reply
unread = unread
held-short = held
not-delivered = not delivered
open = Open
set-aside = closed
trash = Deleted
any = any
by-channel = Channel
by-language = Language
narrow = Show
select = Select
select-all = Select all
mark-read = Mark read
mark-unread = Mark unread
done-short = Done
close = Close
delete = Delete
really-delete = Delete the selected conversations?
delete-these = { $count ->
    [one] Delete this conversation?
   *[other] Delete these { $count } conversations?
}
deleted = deleted
undo = Undo
restore = Restore
nothing = Nothing here.
older = Older

## Channels; platforms keep their names

channel-form = form
channel-email = e-mail
channel-api = inbox

## A conversation

closed = closed
done = Done: no reply needed
reopen = Reopen
signature = Signature
quoted = Quoted text
a-note = note, never sent
held = held: not sent yet
as-sent = As it was sent
discarded = thrown away
automatic = automatic
visitors-language = The visitor's language
as-they-write = as they write
withheld = Kept back, because it looks as if machines answer each other.
no-loop = People write here: send what was kept back
by-reply-address = Here because the reply address was used.
by-issued-id = Here because it answers a mail of ours.
by-known-id = Here because it belongs to an earlier mail.
by-reservation = Here because it names the reservation.
by-move = Here because what it answers was moved here.
by-form = Here because the contact form was used.
by-channel-thread = Here because { $channel } says so.
by-nothing = Here because nothing in it belongs to an earlier conversation.
by-forwarding = Here because a member forwarded it.
unproven = Nothing proves that this sender is who it says: { $evidence }
translating = being translated
pending = translated, leaves in a moment
original = Original
read-as = As it is read, in { $language }
no-translation = Not translated:
redacted = The platform took something out that looked like fraud
quarantined = Careful: not from whom it claims
invitation = Invitation
cancelled-invitation = Invitation called off
dangerous = may be a program: open with care
look-into = Look into { $name }
refused = not sent
answer-there = Open it on the booking platform

## What became of a reply

waiting = On its way to { $to }
delayed = Delayed; next attempt { $at }: { $to }
accepted = Accepted by the mail server for { $to }, { $at }
accepted-by = Accepted by { $server } for { $to }, { $at }
failed = Not delivered to { $to }
unknown = We do not know whether this arrived at { $to }
kept-back = Kept back, because it looks as if machines answer each other: { $to }

## Lines of the timeline

event-done = No reply needed
event-language = The visitor's language was set
event-translated = Translated
event-undeliverable = The visitor left no address
event-released = What was kept back goes on
event-confirmed = Confirmed by the member
event-discarded = Thrown away
event-taken-back = Taken back before it left
event-restored = Back, because the visitor wrote again
event-refused = Not sent
event-quarantined = Set aside as not genuine
event-merged = Merged
event-split = Split off
event-moved = Moved
event-failed = Not delivered:
event-delayed = Delayed, we keep trying:
event-loop-stopped = Kept back, because it looks as if machines answer each other.

## Replying

your-reply = Your reply
files = Files
uploading = Uploading
not-uploaded = The files did not arrive. Try again.
empty-reply = Write something first.
send = Send
translate-and-send = Translate and send
send-as-written = Send as written
edit-in-inbox = Edit in the inbox
send-now = Send now
stop = Do not send
preview = See the translation
will-read = This will be read; you may change it. In { $language }
back-translated = Translated back, to compare
note = Keep as note
save-draft = Save draft
draft-saved = Draft saved
leaves-soon = Leaves in a few seconds.
take-back = Undo
too-late = It has left already.
hold-send = It was us: send it
hold-discard = Throw it away

## Settings

audit = Who did what
the-house = The house
name-visitors-read = The name visitors read
mail-to = Mail to
its-language = Its language
time-zone = Time zone
below-replies = Below every reply to a visitor
members = Members
owner = owner
answers = answers
only-reads = only reads
reads-too = Languages read besides the house's
leaves-as-written = Replies leave as written unless a translation is asked for
is-mailed = New messages are mailed
signed-in-with = Signed in with
this-browser = this browser
contact-form = Contact form
for-your-site = For your own site
connections = Connections
active = active
paused = paused
broken = broken

## What somebody did, behind their name

action-sign-in = signed in
action-sign-out = signed out
action-reply = replied
action-held = wrote a reply that is held
action-note = wrote a note
action-undo = took a reply back
action-held-send = released a held reply
action-held-as-written = sent a reply as written
action-held-discard = threw a reply away
action-read = marked as read
action-unread = marked as unread
action-done = said that no reply is needed
action-close = closed
action-reopen = reopened
action-delete = deleted
action-restore = restored
action-release = let kept mail go on
action-merge = merged conversations
action-split = split a conversation
action-move = moved messages
action-language = set the visitor's language
action-settings = changed the settings
action-member = changed how a member is mailed
action-sessions = signed a browser out
action-member-add = added a member
action-member-remove = removed a member
action-token = changed the API tokens
action-form = changed the form
action-connection = changed a connection
action-glossary = changed the glossary
action-memory = filled the translation memory
action-import = imported mail
action-queue = had mail sent again

## The page behind the link of a held reply

held-reply = Held reply
held-will-read = This is what will be read, in { $language }:
held-written = You wrote:
held-waits = This reply waits for its translation.
held-because = This reply was not sent yet: { $why }
held-was-it-you = This reply was not sent yet. Was it you?
held-yes = Yes, that was me: send it
held-no = No: throw it away
held-sent = This reply was sent.
held-thrown-away = This reply was thrown away.
held-remember = From now on send mail from { $address } by { $domains } at once
