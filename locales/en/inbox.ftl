# The words of the inbox's pages. build.rs compares the languages and makes a method of every key.

## Every page

language = en
skip = Skip to content
search = Search
search-help = word "a phrase" start* from: channel: lang: after: before: has:attachment
settings = Settings
sign-out = Sign out
back = Inbox
cancel = Cancel
save = Save
set = Set
sorry = That did not work
problem-bad = The page sent something that could not be read. Go back and try again.
problem-forbidden = You may not do this. Ask an owner of the house.
problem-plan = Messages are not part of this house's plan. Requests still arrive by e-mail, and everything received is kept. Ask who runs this gateway.
problem-not-found = There is nothing at this address. It may have been deleted or moved.
problem-deleted = This conversation is deleted. Restore it first.
problem-large = This is too large. Send smaller files.
problem-often = That was too often in a short time. Try again in a minute.
problem-ours = This does not work at the moment. Try again in a minute.

## Signing in

sign-in = Sign in
your-address = Your e-mail address
send-link = Mail me a link
link-sent = If this address belongs to a member, a link is on its way. It works once, for 15 minutes.
link-stale = This link was already used or is too old.
link-elsewhere = This link works in the browser where it was asked for. Open it there, or ask for one here.
mail-subject = Your link to the inbox
mail-what = This link opens the inbox of { $house }:
mail-once = It works once, for 15 minutes, in the browser where it was asked for. If you did not ask for it, there is nothing to do: without this link nobody gets in.
signed-out = You are signed out. What you write here is not kept until you sign in again.
not-live = The connection was lost: what is new is not shown until it is back.

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
language-name = { $code ->
    [af] Afrikaans
    [ar] Arabic
    [bg] Bulgarian
    [ca] Catalan
    [cs] Czech
    [da] Danish
    [de] German
    [el] Greek
    [en] English
    [es] Spanish
    [et] Estonian
    [eu] Basque
    [fa] Persian
    [fi] Finnish
    [fr] French
    [gl] Galician
    [he] Hebrew
    [hi] Hindi
    [hr] Croatian
    [hu] Hungarian
    [hy] Armenian
    [id] Indonesian
    [is] Icelandic
    [it] Italian
    [ja] Japanese
    [ka] Georgian
    [ko] Korean
    [lt] Lithuanian
    [lv] Latvian
    [mk] Macedonian
    [nb] Norwegian
    [nl] Dutch
    [pl] Polish
    [pt] Portuguese
    [ro] Romanian
    [ru] Russian
    [sk] Slovak
    [sl] Slovenian
    [sq] Albanian
    [sr] Serbian
    [sv] Swedish
    [th] Thai
    [tr] Turkish
    [uk] Ukrainian
    [vi] Vietnamese
    [zh] Chinese
   *[other] { $code }
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
other-houses = Your other houses
conversations = Conversations
all = All
needs-reply = needs reply
unread = unread
unread-one = unread
begin-with = Write to the guest of a reservation
reservation-number = Reservation number
begin = Open
begin-unknown = No platform you are connected to knows this reservation number. Look whether it is typed as it stands there.
begin-not-said = The platform does not answer for the moment. Try again in a minute.
held-short = held
not-delivered = not delivered
undelivered = not delivered
open = Open
set-aside = closed
trash = Deleted
any = any
by-channel = Channel
by-language = Language
narrow = Show
narrowing = Channel, language
found = { $count ->
    [one] { $count } conversation found
   *[other] { $count } conversations found
}
found-more = More than { $count } conversations found
said-by-us = Us:
said-in-note = Note:
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
restorable = { $days ->
    [1] What is deleted can be restored for one day.
   *[other] What is deleted can be restored for { $days } days.
}
deleted = { $count ->
    [one] { $count } conversation deleted
   *[other] { $count } conversations deleted
}
is-deleted = deleted
undo = Undo
restore = Restore
nothing = Nothing here.
search-examples = You can also search like this:
first-use = What guests write to { $address } appears here, and what they send with your form:
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
a-note = note, not sent
probably-a-robot = probably a robot
is-a-person = A person wrote this: take it
is-a-robot = A robot: throw it away
held = held: not sent yet
held-tag = held
as-sent = With its formatting
discarded = thrown away
automatic = automatic
visitors-language = The guest's language
as-they-write = as they write
withheld = Kept back, because it looks as if machines answer each other.
no-loop = People write here: send what was kept back
by-reply-address = Here because the reply address was used.
by-issued-id = Here because it answers a mail of ours.
by-known-id = Here because it answers an earlier mail.
by-reservation = Here because it names the reservation.
by-move = Here because what it answers was moved here.
by-form = Here because the contact form was used.
by-channel-thread = Here because { $channel } filed it in this conversation.
by-nothing = Here because nothing in it belongs to an earlier conversation.
by-forwarding = Here because a member forwarded it.
earlier = { $count ->
    [one] { $count } earlier message
   *[other] { $count } earlier messages
}
unproven = Nothing proves that this sender is who it says: { $evidence }
translating = being translated
pending = translated, leaves in a few seconds
original = Original
read-as = What the guest reads, in { $language }
no-translation = Not translated:
no-engine = nothing here translates { $from } → { $to }.
rough = The translation is rough and may be wrong in places
redacted = The platform took something out that looked like fraud
quarantined = Careful: probably not from who it says
invitation = Invitation
cancelled-invitation = Invitation called off
dangerous = may be a program: open with care
look-into = Preview { $name }
refused = not sent
answer-there = Open it on the booking platform

## What stands in the fields of the form

field-arrival = Arrival
field-departure = Departure
field-guests = Guests
field-phone = Phone

## What became of a reply

waiting = On its way to { $to }
delayed = Delayed; next attempt { $at }: { $to }
accepted = Accepted by the mail server for { $to }, { $at }
accepted-by = Accepted by { $server } for { $to }, { $at }
failed = Not delivered to { $to }
unknown = We do not know whether this arrived at { $to }
kept-back = Kept back, because it looks as if machines answer each other: { $to }
server-said = The server's answer: { $text }

## Lines of the timeline

event-done = No reply needed
event-language = The guest's language was set
event-translated = Translated
event-undeliverable = The guest left no address
event-released = What was kept back goes on
event-confirmed = Confirmed by the member
event-discarded = Thrown away
event-taken-back = Sending was undone
event-restored = Back, because the guest wrote again
event-refused = Not sent
event-accepted = A person filled in the form
event-quarantined = Set aside as not genuine
event-merged = Merged
event-split = Split off
event-moved = Moved
event-failed = Not delivered
event-delayed = Delayed, we keep trying
event-unknown = Perhaps not delivered
event-loop-stopped = Kept back, because it looks as if machines answer each other.
event-bounced = Came back
event-delivered = Delivered
event-complaint = Reported as unwanted
event-automatic-reply = An automatic reply
event-with = { $event }: { $text }

## Replying

your-reply = Your reply
files = Files
at-most = { $size } at most
too-large = Together these files are larger than { $size }. Take one out.
take-out = Take out
uploading = Uploading
not-uploaded = The connection broke off. Try again: nothing is sent twice.
empty-reply = Write something first.
send = Send
translate-and-send = Translate and send
send-as-written = Send as written
edit-in-inbox = Edit in the inbox
send-now = Send now
stop = Do not send
preview = See the translation
text-changed = The text was changed after this translation. Look at the new one before you send it.
your-correction = Your correction of the text before:
will-read = What the guest will read, in { $language } (you can edit it)
back-translated = Translated back, to compare
note = Keep as note
save-draft = Save draft
draft-saved = Draft saved
leaves-in = Leaves in { $seconds } s.
take-back = Undo
too-late = It has left already.
hold-send = It was us: send it
hold-discard = Throw it away

## Settings

audit = Who did what
the-house = Your house
name-visitors-read = The name guests read
mail-to = E-mail address:
its-language = Language of the house
time-zone = Time zone
below-replies = Signature below every reply
members = Members
owner = owner
answers = can reply
only-reads = can only read
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
broken = failing
relay-mail = Booking.com and Airbnb by e-mail
relay-mail-is = Nothing is sent for this test, since behind every address of theirs is a guest. The test only shows what came last and how the last reply ended.
test-relay = Test
relay-heard = a guest was last heard { $at }.
relay-unheard = no guest was heard yet. Let messages be mailed to { $sender }.
relay-untried = No reply was sent yet. Before the first, register { $sender } there: { $place }.
relay-under-way = The last reply is on its way since { $at }.
relay-works = The last reply was taken { $at }.
relay-refused = The last reply, of { $at }, was refused. Register { $sender } there: { $place }.
relay-place-booking = Extranet, Property, Messaging preferences, Security settings, Your email addresses
relay-place-airbnb = as the e-mail address of the account
saved = Saved.
setting-name = A house needs a name of one line and at most 100 characters.
setting-language = Language “{ $wrong }”: write two letters, such as pt.
setting-zone = Time zone “{ $wrong }”: write a name such as Europe/Lisbon.
setting-signature = The signature is longer than 1000 characters.
in-this-browser = In this browser
shortcuts = Shortcuts of one key
key-walk = next, previous conversation
key-tick = select it
key-delete = delete what is selected
key-search = search
key-reply = reply
key-back = back to the list
key-help = these keys
shut = Close

## What somebody did, behind their name

action-sign-in = signed in
action-sign-out = signed out
action-house = came over from another house
action-house-tried = tried to go over to another house
action-begin = wrote first to a guest
action-reply = replied
action-held = wrote a reply that is held
action-note = wrote a note
action-undo = undid the sending of a reply
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
action-language = set the guest's language
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
action-refused = refused

## The page behind the link of a held reply

held-reply = Held reply
held-will-read = This is what the guest will read, in { $language }:
held-written = You wrote:
held-waits = This reply waits for its translation.
held-because = This reply was not sent yet: { $why }
held-draft = The draft of the translation ({ $language }):
held-was-it-you = This reply was not sent yet. Was it you?
held-yes = Yes, that was me: send it
held-no = No: throw it away
held-sent = This reply was sent.
held-thrown-away = This reply was thrown away.
held-remember = From now on send mail from { $address } by { $domains } at once
