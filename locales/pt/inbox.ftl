# The words of the inbox's pages. build.rs compares the languages and makes a method of every key.

## Every page

language = pt
skip = Ir para o conteúdo
search = Procurar
search-help = palavra "uma frase" início* from: channel: lang: after: before: has:attachment
settings = Definições
sign-out = Sair
back = Caixa de entrada
cancel = Cancelar
save = Guardar
set = Definir
sorry = Não funcionou

## Signing in

sign-in = Entrar
your-address = O seu endereço de e-mail
send-link = Enviar-me uma ligação
link-sent = Se o endereço for de um membro, a ligação vai a caminho. Serve uma vez, durante 15 minutos.
link-stale = Esta ligação já foi usada ou é demasiado antiga.
link-elsewhere = Esta ligação funciona no navegador onde foi pedida. Abra-a lá, ou peça uma aqui.
mail-subject = A sua ligação para a caixa de entrada

## Numbers, dates, sizes; $time and $year come as digits

thousands = {"\u00A0"}
decimal = {","}
bytes = { $size } B
kilobytes = { $size } kB
megabytes = { $size } MB
month = { $number ->
    [1] jan.
    [2] fev.
    [3] mar.
    [4] abr.
    [5] mai.
    [6] jun.
    [7] jul.
    [8] ago.
    [9] set.
    [10] out.
    [11] nov.
   *[12] dez.
}
day = { $day } de { $month }
day-of-year = { $day } de { $month } de { $year }
moment = { $day }, { $time }
stay = { $arrival } – { $departure }
nights = { $count ->
    [one] { $count } noite
   *[other] { $count } noites
}

## The list

received = { $count ->
    [one] recebida
   *[other] recebidas
}
requiring = por responder
counted-unread = { $count ->
    [one] não lida
   *[other] não lidas
}
filters = Filtros
all = Todas
needs-reply = por responder
unread = não lidas
held-short = retidas
not-delivered = não entregue
open = Abertas
set-aside = fechadas
trash = Eliminadas
any = todos
by-channel = Canal
by-language = Idioma
narrow = Mostrar
select = Selecionar
select-all = Selecionar tudo
mark-read = Marcar como lida
mark-unread = Marcar como não lida
done-short = Concluído
close = Fechar
delete = Eliminar
really-delete = Eliminar as conversas selecionadas?
delete-these = { $count ->
    [one] Eliminar esta conversa?
   *[other] Eliminar estas { $count } conversas?
}
deleted = eliminada
undo = Desfazer
restore = Restaurar
nothing = Nada aqui.
older = Mais antigas

## Channels; platforms keep their names

channel-form = formulário
channel-email = e-mail
channel-api = caixa

## A conversation

closed = fechada
done = Concluído: não é preciso responder
reopen = Reabrir
signature = Assinatura
quoted = Texto citado
a-note = nota, nunca enviada
held = retida: ainda não enviada
as-sent = Tal como foi enviado
discarded = descartada
automatic = automática
visitors-language = A língua do visitante
as-they-write = como escreve
withheld = Retido, porque parece que são máquinas a responder umas às outras.
no-loop = Aqui escrevem pessoas: enviar o que foi retido
by-reply-address = Aqui porque foi usado o endereço de resposta.
by-issued-id = Aqui porque responde a um e-mail nosso.
by-known-id = Aqui porque pertence a um e-mail anterior.
by-reservation = Aqui porque indica a reserva.
by-move = Aqui porque aquilo a que responde foi movido para aqui.
by-form = Aqui porque foi usado o formulário de contacto.
by-channel-thread = Aqui porque o diz { $channel }.
by-nothing = Aqui porque nada nele remete para uma conversa anterior.
by-forwarding = Aqui porque um membro o reencaminhou.
unproven = Nada prova que este remetente seja quem diz ser: { $evidence }
translating = a ser traduzida
pending = traduzida, sai dentro de momentos
original = Original
read-as = Como é lida, em { $language }
no-translation = Não traduzida:
redacted = A plataforma retirou algo suspeito
quarantined = Cuidado: remetente duvidoso
invitation = Convite
cancelled-invitation = Convite cancelado
dangerous = pode ser um programa: abra com cuidado
look-into = Ver { $name }
refused = não enviado
answer-there = Abrir na plataforma de reservas

## What became of a reply

waiting = A caminho de { $to }
delayed = Atrasada; próxima tentativa { $at }: { $to }
accepted = Aceite pelo servidor de { $to }, { $at }
accepted-by = Aceite por { $server } para { $to }, { $at }
failed = Não entregue a { $to }
unknown = Não sabemos se isto chegou a { $to }
kept-back = Retido, porque parece que são máquinas a responder umas às outras: { $to }

## Lines of the timeline

event-done = Não é preciso responder
event-language = A língua do visitante foi definida
event-translated = Traduzido
event-undeliverable = O visitante não deixou endereço
event-released = O que estava retido segue
event-confirmed = Confirmado pelo membro
event-discarded = Descartado
event-taken-back = Retirado antes de sair
event-restored = De volta: o visitante escreveu de novo
event-refused = Não enviado
event-quarantined = Posto de lado: não é autêntico
event-merged = Fundida
event-split = Separado
event-moved = Movido
event-failed = Não entregue:
event-delayed = Atrasada, continuamos a tentar:
event-loop-stopped = Retido, porque parece que são máquinas a responder umas às outras.

## Replying

your-reply = A sua resposta
files = Ficheiros
uploading = A carregar
not-uploaded = Os ficheiros não chegaram. Tente outra vez.
empty-reply = Escreva primeiro alguma coisa.
send = Enviar
translate-and-send = Traduzir e enviar
send-as-written = Enviar tal como está
edit-in-inbox = Editar na caixa de entrada
send-now = Enviar agora
stop = Não enviar
preview = Ver a tradução
will-read = Isto será lido; pode alterá-lo. Em { $language }
back-translated = Traduzido de volta, para comparar
note = Guardar como nota
save-draft = Guardar rascunho
draft-saved = Rascunho guardado
leaves-soon = Sai dentro de segundos.
take-back = Anular o envio
too-late = Já saiu.
hold-send = Fomos nós: enviar
hold-discard = Descartar

## Settings

audit = Quem fez o quê
the-house = A casa
name-visitors-read = O nome que os visitantes leem
mail-to = Correio para
its-language = A sua língua
time-zone = Fuso horário
below-replies = Por baixo de cada resposta a um visitante
members = Membros
owner = proprietário
answers = responde
only-reads = só lê
reads-too = Línguas lidas além da da casa
leaves-as-written = As respostas saem tal como escritas, salvo se for pedida tradução
is-mailed = As novas mensagens são enviadas por e-mail
signed-in-with = Sessão iniciada com
this-browser = este navegador
contact-form = Formulário de contacto
for-your-site = Para o seu próprio site
connections = Ligações
active = ativa
paused = em pausa
broken = avariada

## What somebody did, behind their name

action-sign-in = iniciou sessão
action-sign-out = terminou a sessão
action-reply = respondeu
action-held = escreveu uma resposta retida
action-note = escreveu uma nota
action-undo = retirou uma resposta
action-held-send = libertou uma resposta retida
action-held-as-written = enviou uma resposta tal como escrita
action-held-discard = descartou uma resposta
action-read = marcou como lida
action-unread = marcou como não lida
action-done = disse que não é preciso responder
action-close = fechou
action-reopen = reabriu
action-delete = eliminou
action-restore = restaurou
action-release = deixou seguir o correio retido
action-merge = fundiu conversas
action-split = separou uma conversa
action-move = moveu mensagens
action-language = definiu a língua do visitante
action-settings = mudou as definições
action-member = mudou as preferências de um membro
action-sessions = terminou a sessão de um navegador
action-member-add = acrescentou um membro
action-member-remove = retirou um membro
action-token = mudou os tokens da API
action-form = mudou o formulário
action-connection = mudou uma ligação
action-glossary = mudou o glossário
action-memory = encheu a memória de tradução
action-import = importou correio
action-queue = mandou reenviar correio

## The page behind the link of a held reply

held-reply = Resposta retida
held-will-read = Isto é o que será lido, em { $language }:
held-written = Escreveu:
held-waits = Esta resposta espera pela tradução.
held-because = Esta resposta ainda não foi enviada: { $why }
held-was-it-you = Esta resposta ainda não foi enviada. Foi você?
held-yes = Sim, fui eu: enviar
held-no = Não: descartar
held-sent = Esta resposta foi enviada.
held-thrown-away = Esta resposta foi descartada.
held-remember = De agora em diante enviar logo o correio de { $address } por { $domains }
