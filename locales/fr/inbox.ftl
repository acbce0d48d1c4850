# The words of the inbox's pages. build.rs compares the languages and makes a method of every key.

## Every page

language = fr
skip = Aller au contenu
search = Rechercher
search-help = mot "une phrase" début* from: channel: lang: after: before: has:attachment
settings = Paramètres
sign-out = Se déconnecter
back = Boîte de réception
cancel = Annuler
save = Enregistrer
set = Choisir
sorry = Cela n'a pas marché

## Signing in

sign-in = Se connecter
your-address = Votre adresse e-mail
send-link = M'envoyer un lien
link-sent = Si cette adresse est celle d'un membre, un lien est en route. Il sert une fois, pendant 15 minutes.
link-stale = Ce lien a déjà servi ou est trop ancien.
link-elsewhere = Ce lien fonctionne dans le navigateur où il a été demandé. Ouvrez-le là-bas, ou demandez-en un ici.
mail-subject = Votre lien vers la boîte de réception

## Numbers, dates, sizes; $time and $year come as digits

thousands = {"\u202F"}
decimal = {","}
bytes = { $size } o
kilobytes = { $size } ko
megabytes = { $size } Mo
month = { $number ->
    [1] janv.
    [2] févr.
    [3] mars
    [4] avr.
    [5] mai
    [6] juin
    [7] juil.
    [8] août
    [9] sept.
    [10] oct.
    [11] nov.
   *[12] déc.
}
day = { $day } { $month }
day-of-year = { $day } { $month } { $year }
moment = { $day }, { $time }
stay = { $arrival } – { $departure }
nights = { $count ->
    [one] { $count } nuit
   *[other] { $count } nuits
}

## The list

received = { $count ->
    [one] reçu
   *[other] reçus
}
requiring = à répondre
counted-unread = { $count ->
    [one] non lu
   *[other] non lus
}
filters = Filtres
all = Tous
needs-reply = à répondre
unread = non lus
held-short = retenus
not-delivered = non remis
open = Ouverts
set-aside = fermés
trash = Supprimés
any = tous
by-channel = Canal
by-language = Langue
narrow = Afficher
select = Sélectionner
select-all = Tout sélectionner
mark-read = Marquer lu
mark-unread = Marquer non lu
done-short = Terminé
close = Fermer
delete = Supprimer
really-delete = Supprimer les conversations sélectionnées ?
delete-these = { $count ->
    [one] Supprimer cette conversation ?
   *[other] Supprimer ces { $count } conversations ?
}
deleted = supprimé
undo = Annuler la suppression
restore = Restaurer
nothing = Rien ici.
older = Plus anciens

## Channels; platforms keep their names

channel-form = formulaire
channel-email = e-mail
channel-api = boîte

## A conversation

closed = fermé
done = Terminé : pas de réponse nécessaire
reopen = Rouvrir
signature = Signature
quoted = Texte cité
a-note = note, jamais envoyée
held = retenu : pas encore envoyé
as-sent = Tel qu'envoyé
discarded = jeté
automatic = automatique
visitors-language = La langue du visiteur
as-they-write = comme il écrit
withheld = Retenu, car des machines semblent se répondre.
no-loop = Ce sont des personnes : envoyer ce qui a été retenu
by-reply-address = Ici car l'adresse de réponse a été utilisée.
by-issued-id = Ici car c'est une réponse à un de nos e-mails.
by-known-id = Ici car il se rattache à un e-mail précédent.
by-reservation = Ici car il nomme la réservation.
by-move = Ici car ce à quoi il répond a été déplacé ici.
by-form = Ici car le formulaire de contact a été utilisé.
by-channel-thread = Ici car { $channel } le dit.
by-nothing = Ici car rien n'y renvoie à une conversation précédente.
by-forwarding = Ici car un membre l'a transféré.
unproven = Rien ne prouve que cet expéditeur est celui qu'il dit être : { $evidence }
translating = en cours de traduction
pending = traduit, part dans un instant
original = Original
read-as = Tel qu'il est lu, en { $language }
no-translation = Non traduit :
redacted = La plateforme a retiré un passage suspect
quarantined = Attention : expéditeur douteux
invitation = Invitation
cancelled-invitation = Invitation annulée
dangerous = peut être un programme : à ouvrir avec prudence
look-into = Voir { $name }
refused = non envoyé
answer-there = Ouvrir sur la plateforme de réservation

## What became of a reply

waiting = En route vers { $to }
delayed = Retardé ; prochain essai { $at } : { $to }
accepted = Accepté par le serveur de { $to }, { $at }
accepted-by = Accepté par { $server } pour { $to }, { $at }
failed = Non remis à { $to }
unknown = Nous ne savons pas si ceci est arrivé chez { $to }
kept-back = Retenu, car des machines semblent se répondre : { $to }

## Lines of the timeline

event-done = Pas de réponse nécessaire
event-language = La langue du visiteur a été choisie
event-translated = Traduit
event-undeliverable = Le visiteur n'a pas laissé d'adresse
event-released = Ce qui était retenu repart
event-confirmed = Confirmé par le membre
event-discarded = Jeté
event-taken-back = Repris avant son départ
event-restored = De retour : le visiteur a de nouveau écrit
event-refused = Non envoyé
event-quarantined = Mis de côté, non authentique
event-merged = Fusionné
event-split = Séparé
event-moved = Déplacé
event-failed = Non remis :
event-delayed = Retardé, nous essayons encore :
event-loop-stopped = Retenu, car des machines semblent se répondre.

## Replying

your-reply = Votre réponse
files = Fichiers
uploading = Envoi en cours
not-uploaded = Les fichiers ne sont pas arrivés. Réessayez.
empty-reply = Écrivez d'abord quelque chose.
send = Envoyer
translate-and-send = Traduire et envoyer
send-as-written = Envoyer tel quel
edit-in-inbox = Modifier dans la boîte de réception
send-now = Envoyer maintenant
stop = Ne pas envoyer
preview = Voir la traduction
will-read = Ceci sera lu ; vous pouvez le modifier. En { $language }
back-translated = Retraduit, pour comparer
note = Garder comme note
save-draft = Garder le brouillon
draft-saved = Brouillon gardé
leaves-soon = Part dans quelques secondes.
take-back = Annuler l'envoi
too-late = C'est déjà parti.
hold-send = C'était nous : envoyer
hold-discard = Jeter

## Settings

audit = Qui a fait quoi
the-house = La maison
name-visitors-read = Le nom que lisent les visiteurs
mail-to = Courrier à
its-language = Sa langue
time-zone = Fuseau horaire
below-replies = Sous chaque réponse à un visiteur
members = Membres
owner = propriétaire
answers = répond
only-reads = lit seulement
reads-too = Langues lues en plus de celle de la maison
leaves-as-written = Les réponses partent telles quelles, sauf si une traduction est demandée
is-mailed = Les nouveaux messages sont envoyés par e-mail
signed-in-with = Connecté avec
this-browser = ce navigateur
contact-form = Formulaire de contact
for-your-site = Pour votre propre site
connections = Connexions
active = active
paused = en pause
broken = en panne

## What somebody did, behind their name

action-sign-in = s'est connecté
action-sign-out = s'est déconnecté
action-reply = a répondu
action-held = a écrit une réponse retenue
action-note = a écrit une note
action-undo = a repris une réponse
action-held-send = a libéré une réponse retenue
action-held-as-written = a envoyé une réponse telle quelle
action-held-discard = a jeté une réponse
action-read = a marqué comme lu
action-unread = a marqué comme non lu
action-done = a dit qu'aucune réponse n'est nécessaire
action-close = a fermé
action-reopen = a rouvert
action-delete = a supprimé
action-restore = a restauré
action-release = a laissé repartir le courrier retenu
action-merge = a fusionné des conversations
action-split = a séparé une conversation
action-move = a déplacé des messages
action-language = a choisi la langue du visiteur
action-settings = a changé les paramètres
action-member = a changé les préférences d'un membre
action-sessions = a déconnecté un navigateur
action-member-add = a ajouté un membre
action-member-remove = a retiré un membre
action-token = a changé les jetons d'API
action-form = a changé le formulaire
action-connection = a changé une connexion
action-glossary = a changé le glossaire
action-memory = a rempli la mémoire de traduction
action-import = a importé du courrier
action-queue = a fait renvoyer du courrier

## The page behind the link of a held reply

held-reply = Réponse retenue
held-will-read = Voici ce qui sera lu, en { $language } :
held-written = Vous avez écrit :
held-waits = Cette réponse attend sa traduction.
held-because = Cette réponse n'est pas encore partie : { $why }
held-was-it-you = Cette réponse n'est pas encore partie. Était-ce vous ?
held-yes = Oui, c'était moi : envoyer
held-no = Non : jeter
held-sent = Cette réponse est partie.
held-thrown-away = Cette réponse a été jetée.
held-remember = Désormais, envoyer sans attendre le courrier de { $address } par { $domains }
