# The words of the inbox's pages. build.rs compares the languages and makes a method of every key.

## Every page

language = es
skip = Ir al contenido
search = Buscar
search-help = palabra "frase exacta" inicio* from: channel: lang: after: before: has:attachment
settings = Ajustes
sign-out = Cerrar sesión
back = Bandeja de entrada
cancel = Cancelar
save = Guardar
set = Aplicar
sorry = No ha funcionado
problem-bad = La página envió algo que no se pudo leer. Vuelva atrás e inténtelo de nuevo.
problem-forbidden = No tiene permiso para esto. Pregunte a un propietario del establecimiento.
problem-plan = Los mensajes no forman parte del plan de este establecimiento. Las solicitudes siguen llegando por correo y todo lo recibido se conserva. Pregunte al administrador.
problem-not-found = No hay nada en esta dirección. Quizá se eliminó o se movió.
problem-deleted = Esta conversación está eliminada. Restáurela primero.
problem-large = Es demasiado grande. Envíe archivos más pequeños.
problem-often = Son demasiados intentos en poco tiempo. Inténtelo de nuevo en un minuto.
problem-ours = Esto no funciona en este momento. Inténtelo de nuevo en un minuto.

## Signing in

sign-in = Iniciar sesión
your-address = Su dirección de correo
send-link = Enviarme un enlace
link-sent = Si esta dirección es de un miembro, el enlace está en camino. Sirve una vez, durante 15 minutos.
link-stale = Este enlace ya se usó o es demasiado antiguo.
link-elsewhere = Este enlace funciona en el navegador donde se pidió. Ábralo allí o pida uno aquí.
mail-subject = Su enlace a la bandeja de entrada
mail-what = Este enlace abre la bandeja de entrada de { $house }:
mail-once = Sirve una vez, durante 15 minutos, en el navegador donde se pidió. Si usted no lo pidió, no tiene que hacer nada: sin este enlace no entra nadie.
signed-out = Su sesión ha terminado. Lo que escriba aquí no se guarda hasta que vuelva a iniciar sesión.
not-live = Se perdió la conexión: lo nuevo no se muestra hasta que vuelva.

## Numbers, dates, sizes; $time and $year come as digits

thousands = {"."}
decimal = {","}
bytes = { $size } B
kilobytes = { $size } kB
megabytes = { $size } MB
month = { $number ->
    [1] ene
    [2] feb
    [3] mar
    [4] abr
    [5] may
    [6] jun
    [7] jul
    [8] ago
    [9] sept
    [10] oct
    [11] nov
   *[12] dic
}
day = { $day } { $month }
day-of-year = { $day } { $month } { $year }
moment = { $day }, { $time }
stay = { $arrival } – { $departure }
nights = { $count ->
    [one] { $count } noche
   *[other] { $count } noches
}
language-name = { $code ->
    [af] afrikáans
    [ar] árabe
    [bg] búlgaro
    [ca] catalán
    [cs] checo
    [da] danés
    [de] alemán
    [el] griego
    [en] inglés
    [es] español
    [et] estonio
    [eu] euskera
    [fa] persa
    [fi] finés
    [fr] francés
    [gl] gallego
    [he] hebreo
    [hi] hindi
    [hr] croata
    [hu] húngaro
    [hy] armenio
    [id] indonesio
    [is] islandés
    [it] italiano
    [ja] japonés
    [ka] georgiano
    [ko] coreano
    [lt] lituano
    [lv] letón
    [mk] macedonio
    [nb] noruego
    [nl] neerlandés
    [pl] polaco
    [pt] portugués
    [ro] rumano
    [ru] ruso
    [sk] eslovaco
    [sl] esloveno
    [sq] albanés
    [sr] serbio
    [sv] sueco
    [th] tailandés
    [tr] turco
    [uk] ucraniano
    [vi] vietnamita
    [zh] chino
   *[other] { $code }
}

## The list

received = { $count ->
    [one] recibida
   *[other] recibidas
}
requiring = por responder
counted-unread = { $count ->
    [one] no leída
   *[other] no leídas
}
filters = Filtros
other-houses = Sus otros establecimientos
conversations = Conversaciones
all = Todas
needs-reply = por responder
unread = no leídas
unread-one = no leída
begin-with = Escribir al huésped de una reserva
reservation-number = Número de reserva
begin = Abrir
begin-unknown = Ninguna plataforma conectada conoce este número de reserva. Compruebe que está escrito como allí.
begin-not-said = La plataforma no responde por ahora. Inténtelo de nuevo en un minuto.
held-short = retenidas
not-delivered = no entregada
undelivered = no entregadas
open = Abiertas
set-aside = cerradas
trash = Eliminadas
any = todos
by-channel = Canal
by-language = Idioma
narrow = Mostrar
narrowing = Canal, idioma
found = { $count ->
    [one] { $count } conversación encontrada
   *[other] { $count } conversaciones encontradas
}
found-more = Más de { $count } conversaciones encontradas
said-by-us = Nosotros:
said-in-note = Nota:
select = Seleccionar
select-all = Seleccionar todo
mark-read = Marcar como leída
mark-unread = Marcar como no leída
done-short = Hecho
close = Cerrar
delete = Eliminar
really-delete = ¿Eliminar las conversaciones seleccionadas?
delete-these = { $count ->
    [one] ¿Eliminar esta conversación?
   *[other] ¿Eliminar estas { $count } conversaciones?
}
restorable = { $days ->
    [1] Lo eliminado se puede restaurar durante un día.
   *[other] Lo eliminado se puede restaurar durante { $days } días.
}
deleted = { $count ->
    [one] { $count } conversación eliminada
   *[other] { $count } conversaciones eliminadas
}
is-deleted = eliminada
undo = Deshacer
restore = Restaurar
nothing = Nada aquí.
search-examples = También puede buscar así:
first-use = Aquí aparece lo que los huéspedes escriben a { $address } y lo que envían con su formulario:
older = Más antiguas

## Channels; platforms keep their names

channel-form = formulario
channel-email = correo
channel-api = bandeja

## A conversation

closed = cerrada
done = Hecho: no hace falta responder
reopen = Reabrir
signature = Firma
quoted = Texto citado
a-note = nota, no se envía
probably-a-robot = probablemente un robot
is-a-person = Lo escribió una persona: aceptar
is-a-robot = Un robot: descartar
held = retenida: aún no enviada
held-tag = retenida
as-sent = Con su formato
discarded = descartada
automatic = automático
visitors-language = El idioma del huésped
as-they-write = el idioma en que escribe
withheld = Retenido, porque parece que se responden máquinas.
no-loop = Aquí escriben personas: enviar lo retenido
by-reply-address = Aquí porque se usó la dirección de respuesta.
by-issued-id = Aquí porque responde a un correo nuestro.
by-known-id = Aquí porque responde a un correo anterior.
by-reservation = Aquí porque menciona la reserva.
by-move = Aquí porque aquello a lo que responde se movió aquí.
by-form = Aquí porque se usó el formulario de contacto.
by-channel-thread = Aquí porque { $channel } lo asignó a esta conversación.
by-nothing = Aquí porque nada en él remite a una conversación anterior.
by-forwarding = Aquí porque un miembro lo reenvió.
earlier = { $count ->
    [one] { $count } mensaje anterior
   *[other] { $count } mensajes anteriores
}
unproven = Nada prueba que este remitente sea quien dice: { $evidence }
translating = traduciéndose
pending = traducida, saldrá en unos segundos
original = Original
read-as = Lo que lee el huésped, en { $language }
no-translation = Sin traducir:
no-engine = aquí no hay traducción configurada para { $from } → { $to }.
rough = La traducción es aproximada y puede contener errores
redacted = La plataforma retiró algo sospechoso
quarantined = Cuidado: remitente dudoso
invitation = Invitación
cancelled-invitation = Invitación cancelada
dangerous = puede ser un programa: ábralo con cuidado
look-into = Ver { $name }
refused = no enviada
answer-there = Abrir en la plataforma de reservas

## What stands in the fields of the form

field-arrival = Llegada
field-departure = Salida
field-guests = Personas
field-phone = Teléfono

## What became of a reply

waiting = En camino a { $to }
delayed = Retrasado; próximo intento { $at }: { $to }
accepted = Aceptado por el servidor de { $to }, { $at }
accepted-by = Aceptado por { $server } para { $to }, { $at }
failed = No entregado a { $to }
unknown = No sabemos si esto llegó a { $to }
kept-back = Retenido, porque parece que se responden máquinas: { $to }
server-said = Respuesta del servidor: { $text }

## Lines of the timeline

event-done = No hace falta responder
event-language = Se eligió el idioma del huésped
event-translated = Traducción
event-undeliverable = El huésped no dejó dirección
event-released = Lo retenido sigue su camino
event-confirmed = Confirmado por el miembro
event-discarded = Descartada
event-taken-back = Envío anulado
event-restored = De vuelta: el huésped escribió otra vez
event-refused = No enviada
event-accepted = Una persona rellenó el formulario
event-quarantined = Apartada por no ser auténtica
event-merged = Conversaciones fusionadas
event-split = Conversación separada
event-moved = Mensajes movidos
event-failed = No entregado
event-delayed = Retrasado, seguimos intentándolo
event-unknown = Quizá no entregado
event-loop-stopped = Retenido, porque parece que se responden máquinas.
event-bounced = Devuelto
event-delivered = Entregado
event-complaint = Marcado como no deseado
event-automatic-reply = Una respuesta automática
event-with = { $event }: { $text }

## Replying

your-reply = Su respuesta
files = Archivos
at-most = { $size } como máximo
too-large = Juntos, estos archivos superan { $size }. Quite alguno.
take-out = Quitar
uploading = Subiendo
not-uploaded = Se cortó la conexión. Inténtelo de nuevo: nada se envía dos veces.
empty-reply = Escriba algo primero.
send = Enviar
translate-and-send = Traducir y enviar
send-as-written = Enviar tal cual
edit-in-inbox = Editar en la bandeja de entrada
send-now = Enviar ahora
stop = No enviar
preview = Ver la traducción
text-changed = El texto cambió después de esta traducción. Revise la nueva antes de enviar.
your-correction = Su corrección del texto anterior:
will-read = Lo que leerá el huésped, en { $language } (puede editarlo)
back-translated = Traducido de vuelta, para comparar
note = Guardar como nota
save-draft = Guardar borrador
draft-saved = Borrador guardado
leaves-in = Sale en { $seconds } s.
take-back = Deshacer el envío
too-late = Ya ha salido.
hold-send = Fuimos nosotros: enviar
hold-discard = Descartar

## Settings

audit = Quién hizo qué
the-house = El establecimiento
name-visitors-read = El nombre que leen los huéspedes
mail-to = Dirección de correo:
its-language = Idioma del establecimiento
time-zone = Zona horaria
below-replies = Firma al pie de cada respuesta
members = Miembros
owner = propietario
answers = puede responder
only-reads = solo puede leer
reads-too = Idiomas que lee además del del establecimiento
leaves-as-written = Las respuestas salen tal cual, salvo que se pida una traducción
is-mailed = Los mensajes nuevos se envían por correo
signed-in-with = Sesiones iniciadas con
this-browser = este navegador
contact-form = Formulario de contacto
for-your-site = Para su propio sitio
connections = Conexiones
active = activa
paused = en pausa
broken = con error
relay-mail = Booking.com y Airbnb por correo
relay-mail-is = No se envía nada para esta prueba, porque detrás de cada dirección suya hay un huésped. La prueba solo muestra qué llegó por última vez y cómo acabó la última respuesta.
test-relay = Probar
relay-heard = un huésped escribió por última vez { $at }.
relay-unheard = todavía no ha escrito ningún huésped. Haga que los mensajes se envíen a { $sender }.
relay-untried = Todavía no se ha enviado ninguna respuesta. Antes de la primera, registre allí { $sender }: { $place }.
relay-under-way = La última respuesta está en camino desde { $at }.
relay-works = La última respuesta fue aceptada { $at }.
relay-refused = La última respuesta, de { $at }, fue rechazada. Registre allí { $sender }: { $place }.
relay-place-booking = Extranet, Alojamiento, Preferencias de mensajería, Ajustes de seguridad, Tus direcciones de e-mail
relay-place-airbnb = como dirección de correo de la cuenta
saved = Guardado.
setting-name = Hace falta un nombre de una línea y de 100 caracteres como máximo.
setting-language = Idioma «{ $wrong }»: escriba dos letras, por ejemplo pt.
setting-zone = Zona horaria «{ $wrong }»: escriba un nombre como Europe/Lisbon.
setting-signature = La firma supera los 1000 caracteres.
in-this-browser = En este navegador
shortcuts = Atajos de una tecla
key-walk = conversación siguiente, anterior
key-tick = seleccionarla
key-delete = eliminar lo seleccionado
key-search = buscar
key-reply = responder
key-back = volver a la lista
key-help = estos atajos
shut = Cerrar

## What somebody did, behind their name

action-sign-in = inició sesión
action-sign-out = cerró sesión
action-house = vino de otro establecimiento
action-house-tried = intentó pasar a otro establecimiento
action-begin = escribió primero a un huésped
action-reply = respondió
action-held = escribió una respuesta retenida
action-note = escribió una nota
action-undo = anuló el envío de una respuesta
action-held-send = liberó una respuesta retenida
action-held-as-written = envió una respuesta tal cual
action-held-discard = descartó una respuesta
action-read = marcó como leído
action-unread = marcó como no leído
action-done = dijo que no hace falta responder
action-close = cerró
action-reopen = reabrió
action-delete = eliminó
action-restore = restauró
action-release = dejó seguir el correo retenido
action-merge = fusionó conversaciones
action-split = separó una conversación
action-move = movió mensajes
action-language = eligió el idioma del huésped
action-settings = cambió los ajustes
action-member = cambió las preferencias de un miembro
action-sessions = cerró la sesión de un navegador
action-member-add = añadió un miembro
action-member-remove = quitó un miembro
action-token = cambió los tokens de la API
action-form = cambió el formulario
action-connection = cambió una conexión
action-glossary = cambió el glosario
action-memory = llenó la memoria de traducción
action-import = importó correo
action-queue = hizo reenviar correo
action-refused = rechazado

## The page behind the link of a held reply

held-reply = Respuesta retenida
held-will-read = Esto es lo que leerá el huésped, en { $language }:
held-written = Usted escribió:
held-waits = Esta respuesta espera su traducción.
held-because = Esta respuesta aún no se ha enviado: { $why }
held-draft = El borrador de la traducción ({ $language }):
held-was-it-you = Esta respuesta aún no se ha enviado. ¿Fue usted?
held-yes = Sí, fui yo: enviar
held-no = No: descartar
held-sent = Esta respuesta se envió.
held-thrown-away = Esta respuesta se descartó.
held-remember = De ahora en adelante enviar enseguida el correo de { $address } por { $domains }
