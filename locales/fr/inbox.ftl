# The words of the inbox's pages. build.rs compares the languages and makes a method of every key.

## Every page

language = fr
skip = Aller au contenu
search = Rechercher
search-help = mot "expression exacte" début* from: channel: lang: after: before: has:attachment
settings = Paramètres
sign-out = Se déconnecter
back = Boîte de réception
cancel = Annuler
save = Enregistrer
set = Appliquer
sorry = Cela n'a pas fonctionné
problem-bad = La page a envoyé quelque chose d'illisible. Revenez en arrière et réessayez.
problem-forbidden = Vous n'y êtes pas autorisé. Adressez-vous à un propriétaire de l'établissement.
problem-plan = Les messages ne font pas partie de la formule de cet établissement. Les demandes arrivent toujours par e-mail et tout ce qui est reçu est conservé. Adressez-vous à l'administrateur.
problem-not-found = Il n'y a rien à cette adresse. Cela a peut-être été supprimé ou déplacé.
problem-deleted = Cette conversation est supprimée. Restaurez-la d'abord.
problem-large = C'est trop volumineux. Envoyez des fichiers plus petits.
problem-often = C'est trop de tentatives en peu de temps. Réessayez dans une minute.
problem-ours = Cela ne fonctionne pas pour le moment. Réessayez dans une minute.

## Signing in

sign-in = Se connecter
your-address = Votre adresse e-mail
send-link = M'envoyer un lien
link-sent = Si cette adresse est celle d'un membre, un lien est en route. Il sert une fois, pendant 15 minutes.
link-stale = Ce lien a déjà servi ou est trop ancien.
link-elsewhere = Ce lien fonctionne dans le navigateur où il a été demandé. Ouvrez-le là-bas, ou demandez-en un ici.
mail-subject = Votre lien vers la boîte de réception
mail-what = Ce lien ouvre la boîte de réception de { $house } :
mail-once = Il sert une fois, pendant 15 minutes, dans le navigateur où il a été demandé. Si vous ne l'avez pas demandé, il n'y a rien à faire : sans ce lien, personne n'entre.
signed-out = Vous êtes déconnecté. Ce que vous écrivez ici n'est pas enregistré tant que vous ne vous reconnectez pas.
not-live = La connexion est perdue : les nouveautés s'afficheront à son retour.

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
language-name = { $code ->
    [af] afrikaans
    [ar] arabe
    [bg] bulgare
    [ca] catalan
    [cs] tchèque
    [da] danois
    [de] allemand
    [el] grec
    [en] anglais
    [es] espagnol
    [et] estonien
    [eu] basque
    [fa] persan
    [fi] finnois
    [fr] français
    [gl] galicien
    [he] hébreu
    [hi] hindi
    [hr] croate
    [hu] hongrois
    [hy] arménien
    [id] indonésien
    [is] islandais
    [it] italien
    [ja] japonais
    [ka] géorgien
    [ko] coréen
    [lt] lituanien
    [lv] letton
    [mk] macédonien
    [nb] norvégien
    [nl] néerlandais
    [pl] polonais
    [pt] portugais
    [ro] roumain
    [ru] russe
    [sk] slovaque
    [sl] slovène
    [sq] albanais
    [sr] serbe
    [sv] suédois
    [th] thaï
    [tr] turc
    [uk] ukrainien
    [vi] vietnamien
    [zh] chinois
   *[other] { $code }
}

## The list

received = { $count ->
    [one] reçue
   *[other] reçues
}
requiring = sans réponse
counted-unread = { $count ->
    [one] non lue
   *[other] non lues
}
filters = Filtres
other-houses = Vos autres établissements
conversations = Conversations
all = Toutes
needs-reply = sans réponse
unread = non lues
unread-one = non lue
begin-with = Écrire au client d'une réservation
reservation-number = Numéro de réservation
begin = Ouvrir
begin-unknown = Aucune plateforme connectée ne connaît ce numéro de réservation. Vérifiez qu'il est écrit comme là-bas.
begin-not-said = La plateforme ne répond pas pour le moment. Réessayez dans une minute.
held-short = retenues
not-delivered = non remise
undelivered = non remises
open = Ouvertes
set-aside = fermées
trash = Supprimées
any = tous
by-channel = Canal
by-language = Langue
narrow = Afficher
narrowing = Canal, langue
found = { $count ->
    [one] { $count } conversation trouvée
   *[other] { $count } conversations trouvées
}
found-more = Plus de { $count } conversations trouvées
said-by-us = Nous :
said-in-note = Note :
select = Sélectionner
select-all = Tout sélectionner
mark-read = Marquer comme lue
mark-unread = Marquer comme non lue
done-short = Terminé
close = Fermer
delete = Supprimer
really-delete = Supprimer les conversations sélectionnées ?
delete-these = { $count ->
    [one] Supprimer cette conversation ?
   *[other] Supprimer ces { $count } conversations ?
}
restorable = { $days ->
    [1] Ce qui est supprimé peut être restauré pendant un jour.
   *[other] Ce qui est supprimé peut être restauré pendant { $days } jours.
}
deleted = { $count ->
    [one] { $count } conversation supprimée
   *[other] { $count } conversations supprimées
}
is-deleted = supprimée
undo = Annuler la suppression
restore = Restaurer
nothing = Rien ici.
search-examples = Vous pouvez aussi chercher ainsi :
first-use = Ce que les clients écrivent à { $address } apparaît ici, ainsi que ce qu'ils envoient par votre formulaire :
older = Plus anciennes

## Channels; platforms keep their names

channel-form = formulaire
channel-email = e-mail
channel-api = boîte

## A conversation

closed = fermée
done = Terminé : pas de réponse nécessaire
reopen = Rouvrir
signature = Signature
quoted = Texte cité
a-note = note, non envoyée
probably-a-robot = probablement un robot
is-a-person = Une personne a écrit cela : accepter
is-a-robot = Un robot : jeter
held = retenue : pas encore envoyée
held-tag = retenue
as-sent = Avec sa mise en forme
discarded = abandonnée
automatic = automatique
visitors-language = La langue du client
as-they-write = celle dans laquelle il écrit
withheld = Retenu, car des machines semblent se répondre.
no-loop = Ce sont des personnes : envoyer ce qui a été retenu
by-reply-address = Classé ici car l'adresse de réponse a été utilisée.
by-issued-id = Classé ici car c'est une réponse à un de nos e-mails.
by-known-id = Classé ici car il répond à un e-mail précédent.
by-reservation = Classé ici car il mentionne la réservation.
by-move = Classé ici car le message auquel il répond a été déplacé ici.
by-form = Classé ici car le formulaire de contact a été utilisé.
by-channel-thread = Classé ici car { $channel } l'a rattaché à cette conversation.
by-nothing = Classé ici car rien n'y renvoie à une conversation précédente.
by-forwarding = Classé ici car un membre l'a transféré.
earlier = { $count ->
    [one] { $count } message précédent
   *[other] { $count } messages précédents
}
unproven = Rien ne prouve que cet expéditeur est celui qu'il dit être : { $evidence }
translating = en cours de traduction
pending = traduite, sera envoyée dans quelques secondes
original = Original
read-as = Ce que lit le client, en { $language }
no-translation = Non traduit :
no-engine = aucune traduction n'est configurée ici pour { $from } → { $to }.
rough = La traduction est approximative et peut être fausse par endroits
redacted = La plateforme a retiré un passage suspect
quarantined = Attention : expéditeur douteux
dangerous = peut être un programme : à ouvrir avec prudence
look-into = Aperçu de { $name }
refused = non envoyée
invitation = Invitation
cancelled-invitation = Invitation annulée
answer-there = Ouvrir sur la plateforme de réservation

## What stands in the fields of the form

field-arrival = Arrivée
field-departure = Départ
field-guests = Personnes
field-phone = Téléphone

## What became of a reply

waiting = En route vers { $to }
delayed = Retardé ; prochain essai { $at } : { $to }
accepted = Accepté par le serveur de { $to }, { $at }
accepted-by = Accepté par { $server } pour { $to }, { $at }
failed = Non remis à { $to }
unknown = Nous ne savons pas si ceci est arrivé chez { $to }
kept-back = Retenu, car des machines semblent se répondre : { $to }
server-said = Réponse du serveur : { $text }

## Lines of the timeline

event-done = Pas de réponse nécessaire
event-language = La langue du client a été choisie
event-translated = Traduction
event-undeliverable = Le client n'a pas laissé d'adresse
event-released = Ce qui était retenu repart
event-confirmed = Confirmé par le membre
event-discarded = Réponse abandonnée
event-taken-back = Envoi annulé
event-restored = De retour : le client a de nouveau écrit
event-refused = Non envoyée
event-accepted = Une personne a rempli le formulaire
event-quarantined = Mis de côté, non authentique
event-merged = Conversations fusionnées
event-split = Conversation séparée
event-moved = Messages déplacés
event-failed = Non remis
event-delayed = Retardé, nous essayons encore
event-unknown = Peut-être pas remis
event-loop-stopped = Retenu, car des machines semblent se répondre.
event-bounced = Revenu
event-delivered = Remis
event-complaint = Signalé comme indésirable
event-automatic-reply = Une réponse automatique
event-with = { $event } : { $text }

## Replying

your-reply = Votre réponse
files = Fichiers
at-most = { $size } au plus
too-large = Ensemble, ces fichiers dépassent { $size }. Retirez-en un.
take-out = Retirer
uploading = Envoi en cours
not-uploaded = La connexion a été interrompue. Réessayez : rien n'est envoyé deux fois.
empty-reply = Écrivez d'abord quelque chose.
send = Envoyer
translate-and-send = Traduire et envoyer
send-as-written = Envoyer tel quel
edit-in-inbox = Modifier dans la boîte de réception
send-now = Envoyer maintenant
stop = Ne pas envoyer
preview = Voir la traduction
text-changed = Le texte a changé depuis cette traduction. Relisez la nouvelle avant d'envoyer.
your-correction = Votre correction du texte précédent :
will-read = Ce que lira le client, en { $language } (modifiable)
back-translated = Retraduit, pour comparer
note = Garder comme note
save-draft = Enregistrer le brouillon
draft-saved = Brouillon enregistré
leaves-in = Part dans { $seconds } s.
take-back = Annuler l'envoi
too-late = C'est déjà parti.
hold-send = C'était nous : envoyer
hold-discard = Abandonner

## Settings

audit = Qui a fait quoi
the-house = L'établissement
name-visitors-read = Le nom que lisent les clients
mail-to = Adresse e-mail :
its-language = Langue de l'établissement
time-zone = Fuseau horaire
below-replies = Signature au bas de chaque réponse
members = Membres
owner = propriétaire
answers = peut répondre
only-reads = lecture seule
reads-too = Langues lues en plus de celle de l'établissement
leaves-as-written = Les réponses partent telles quelles, sauf si une traduction est demandée
is-mailed = Les nouveaux messages sont envoyés par e-mail
signed-in-with = Connecté avec
this-browser = ce navigateur
contact-form = Formulaire de contact
for-your-site = Pour votre propre site
connections = Connexions
active = active
paused = en pause
broken = en erreur
relay-mail = Booking.com et Airbnb par e-mail
relay-mail-is = Rien n'est envoyé pour ce test, car derrière chacune de leurs adresses il y a un client. Le test montre seulement ce qui est arrivé en dernier et comment la dernière réponse a fini.
test-relay = Tester
relay-heard = un client s'est manifesté pour la dernière fois { $at }.
relay-unheard = aucun client ne s'est encore manifesté. Faites envoyer les messages à { $sender }.
relay-untried = Aucune réponse n'a encore été envoyée. Avant la première, enregistrez-y { $sender } : { $place }.
relay-under-way = La dernière réponse est en route depuis { $at }.
relay-works = La dernière réponse a été acceptée { $at }.
relay-refused = La dernière réponse, de { $at }, a été refusée. Enregistrez-y { $sender } : { $place }.
relay-place-booking = Extranet, Établissement, Préférences de messagerie, Paramètres de sécurité, Vos adresses e-mail
relay-place-airbnb = comme adresse e-mail du compte
saved = Enregistré.
setting-name = Il faut un nom d'une ligne et de 100 caractères au plus.
setting-language = Langue « { $wrong } » : écrivez deux lettres, par exemple pt.
setting-zone = Fuseau « { $wrong } » : écrivez un nom comme Europe/Lisbon.
setting-signature = La signature dépasse 1000 caractères.
in-this-browser = Dans ce navigateur
shortcuts = Raccourcis d'une touche
key-walk = conversation suivante, précédente
key-tick = la sélectionner
key-delete = supprimer la sélection
key-search = rechercher
key-reply = répondre
key-back = retour à la liste
key-help = ces raccourcis
shut = Fermer

## What somebody did, behind their name

action-sign-in = s'est connecté
action-sign-out = s'est déconnecté
action-house = est venu d'un autre établissement
action-house-tried = a essayé d'aller dans un autre établissement
action-begin = a écrit en premier à un client
action-reply = a répondu
action-held = a écrit une réponse retenue
action-note = a écrit une note
action-undo = a annulé l'envoi d'une réponse
action-held-send = a libéré une réponse retenue
action-held-as-written = a envoyé une réponse telle quelle
action-held-discard = a abandonné une réponse
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
action-language = a choisi la langue du client
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
action-refused = refusé

## The page behind the link of a held reply

held-reply = Réponse retenue
held-will-read = Voici ce que lira le client, en { $language } :
held-written = Vous avez écrit :
held-waits = Cette réponse attend sa traduction.
held-because = Cette réponse n'est pas encore partie : { $why }
held-draft = Le brouillon de la traduction ({ $language }) :
held-was-it-you = Cette réponse n'est pas encore partie. Était-ce vous ?
held-yes = Oui, c'était moi : envoyer
held-no = Non : abandonner
held-sent = Cette réponse est partie.
held-thrown-away = Cette réponse a été abandonnée.
held-remember = Désormais, envoyer sans attendre le courrier de { $address } par { $domains }
