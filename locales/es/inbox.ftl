# The words of the inbox's pages. build.rs compares the languages and makes a method of every key.

## Every page

language = es
skip = Ir al contenido
search = Buscar
search-help = palabra "una frase" inicio* from: channel: lang: after: before: has:attachment
settings = Ajustes
sign-out = Cerrar sesión
back = Bandeja de entrada
cancel = Cancelar
save = Guardar
set = Elegir
sorry = No ha funcionado

## Signing in

sign-in = Iniciar sesión
your-address = Su dirección de correo
send-link = Enviarme un enlace
link-sent = Si esta dirección es de un miembro, el enlace está en camino. Sirve una vez, durante 15 minutos.
link-stale = Este enlace ya se usó o es demasiado antiguo.
link-elsewhere = Este enlace funciona en el navegador donde se pidió. Ábralo allí o pida uno aquí.
mail-subject = Su enlace a la bandeja de entrada

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

## The list

received = { $count ->
    [one] recibido
   *[other] recibidos
}
requiring = por responder
counted-unread = { $count ->
    [one] no leído
   *[other] no leídos
}
filters = Filtros
all = Todos
needs-reply = por responder
unread = no leídos
held-short = retenidos
not-delivered = no entregado
open = Abiertos
set-aside = cerrados
trash = Eliminados
any = todos
by-channel = Canal
by-language = Idioma
narrow = Mostrar
select = Seleccionar
select-all = Seleccionar todo
mark-read = Marcar leído
mark-unread = Marcar no leído
done-short = Hecho
close = Cerrar
delete = Eliminar
really-delete = ¿Eliminar las conversaciones seleccionadas?
delete-these = { $count ->
    [one] ¿Eliminar esta conversación?
   *[other] ¿Eliminar estas { $count } conversaciones?
}
deleted = eliminado
undo = Deshacer
restore = Restaurar
nothing = Nada aquí.
older = Más antiguos

## Channels; platforms keep their names

channel-form = formulario
channel-email = correo
channel-api = bandeja

## A conversation

closed = cerrado
done = Hecho: no hace falta responder
reopen = Reabrir
signature = Firma
quoted = Texto citado
a-note = nota, nunca enviada
held = retenido: aún no enviado
as-sent = Tal como se envió
discarded = descartado
automatic = automático
visitors-language = El idioma del visitante
as-they-write = como escribe
withheld = Retenido, porque parece que se responden máquinas.
no-loop = Aquí escriben personas: enviar lo retenido
by-reply-address = Aquí porque se usó la dirección de respuesta.
by-issued-id = Aquí porque responde a un correo nuestro.
by-known-id = Aquí porque pertenece a un correo anterior.
by-reservation = Aquí porque nombra la reserva.
by-move = Aquí porque aquello a lo que responde se movió aquí.
by-form = Aquí porque se usó el formulario de contacto.
by-channel-thread = Aquí porque lo dice { $channel }.
by-nothing = Aquí porque nada en él remite a una conversación anterior.
by-forwarding = Aquí porque un miembro lo reenvió.
unproven = Nada prueba que este remitente sea quien dice: { $evidence }
translating = traduciéndose
pending = traducido, sale en un momento
original = Original
read-as = Como se lee, en { $language }
no-translation = Sin traducir:
redacted = La plataforma retiró algo sospechoso
quarantined = Cuidado: remitente dudoso
invitation = Invitación
cancelled-invitation = Invitación cancelada
dangerous = puede ser un programa: ábralo con cuidado
look-into = Ver { $name }
refused = no enviado
answer-there = Abrir en la plataforma de reservas

## What became of a reply

waiting = En camino a { $to }
delayed = Retrasado; próximo intento { $at }: { $to }
accepted = Aceptado por el servidor de { $to }, { $at }
accepted-by = Aceptado por { $server } para { $to }, { $at }
failed = No entregado a { $to }
unknown = No sabemos si esto llegó a { $to }
kept-back = Retenido, porque parece que se responden máquinas: { $to }

## Lines of the timeline

event-done = No hace falta responder
event-language = Se eligió el idioma del visitante
event-translated = Traducido
event-undeliverable = El visitante no dejó dirección
event-released = Lo retenido sigue su camino
event-confirmed = Confirmado por el miembro
event-discarded = Descartado
event-taken-back = Retirado antes de salir
event-restored = De vuelta: el visitante escribió otra vez
event-refused = No enviado
event-quarantined = Apartado por no ser auténtico
event-merged = Fusionado
event-split = Separado
event-moved = Movido
event-failed = No entregado:
event-delayed = Retrasado, seguimos intentándolo:
event-loop-stopped = Retenido, porque parece que se responden máquinas.

## Replying

your-reply = Su respuesta
files = Archivos
uploading = Subiendo
not-uploaded = Los archivos no llegaron. Inténtelo de nuevo.
empty-reply = Escriba algo primero.
send = Enviar
translate-and-send = Traducir y enviar
send-as-written = Enviar tal cual
edit-in-inbox = Editar en la bandeja de entrada
send-now = Enviar ahora
stop = No enviar
preview = Ver la traducción
will-read = Esto se leerá; puede cambiarlo. En { $language }
back-translated = Traducido de vuelta, para comparar
note = Guardar como nota
save-draft = Guardar borrador
draft-saved = Borrador guardado
leaves-soon = Sale en unos segundos.
take-back = Deshacer el envío
too-late = Ya ha salido.
hold-send = Fuimos nosotros: enviar
hold-discard = Descartar

## Settings

audit = Quién hizo qué
the-house = La casa
name-visitors-read = El nombre que leen los visitantes
mail-to = Correo a
its-language = Su idioma
time-zone = Zona horaria
below-replies = Debajo de cada respuesta a un visitante
members = Miembros
owner = propietario
answers = responde
only-reads = solo lee
reads-too = Idiomas que lee además del de la casa
leaves-as-written = Las respuestas salen tal cual, salvo que se pida una traducción
is-mailed = Los mensajes nuevos se envían por correo
signed-in-with = Sesiones iniciadas con
this-browser = este navegador
contact-form = Formulario de contacto
for-your-site = Para su propio sitio
connections = Conexiones
active = activa
paused = en pausa
broken = rota

## What somebody did, behind their name

action-sign-in = inició sesión
action-sign-out = cerró sesión
action-reply = respondió
action-held = escribió una respuesta retenida
action-note = escribió una nota
action-undo = retiró una respuesta
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
action-language = eligió el idioma del visitante
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

## The page behind the link of a held reply

held-reply = Respuesta retenida
held-will-read = Esto es lo que se leerá, en { $language }:
held-written = Usted escribió:
held-waits = Esta respuesta espera su traducción.
held-because = Esta respuesta aún no se ha enviado: { $why }
held-was-it-you = Esta respuesta aún no se ha enviado. ¿Fue usted?
held-yes = Sí, fui yo: enviar
held-no = No: descartar
held-sent = Esta respuesta se envió.
held-thrown-away = Esta respuesta se descartó.
held-remember = De ahora en adelante enviar enseguida el correo de { $address } por { $domains }
