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
set = Aplicar
sorry = Não funcionou
problem-bad = A página enviou algo que não se conseguiu ler. Volte atrás e tente outra vez.
problem-forbidden = Não tem permissão para isto. Pergunte a um proprietário do alojamento.
problem-plan = As mensagens não fazem parte do plano deste alojamento. Os pedidos continuam a chegar por e-mail e tudo o que foi recebido está guardado. Pergunte ao administrador.
problem-not-found = Não há nada neste endereço. Pode ter sido eliminado ou movido.
problem-deleted = Esta conversa está eliminada. Restaure-a primeiro.
problem-large = É demasiado grande. Envie ficheiros mais pequenos.
problem-often = Foram demasiadas tentativas em pouco tempo. Tente outra vez dentro de um minuto.
problem-ours = De momento não funciona. Tente outra vez dentro de um minuto.

## Signing in

sign-in = Entrar
your-address = O seu endereço de e-mail
send-link = Enviar-me um link
link-sent = Se o endereço for de um membro, o link vai a caminho. Serve uma vez, durante 15 minutos.
link-stale = Este link já foi usado ou é demasiado antigo.
link-elsewhere = Este link funciona no navegador onde foi pedido. Abra-o lá, ou peça um aqui.
mail-subject = O seu link para a caixa de entrada
mail-what = Este link abre a caixa de entrada de { $house }:
mail-once = Serve uma vez, durante 15 minutos, no navegador onde foi pedido. Se não o pediu, não é preciso fazer nada: sem este link ninguém entra.
signed-out = A sua sessão terminou. O que escrever aqui só é guardado quando iniciar sessão outra vez.
not-live = A ligação perdeu-se: o que é novo só aparece quando voltar.

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
language-name = { $code ->
    [af] africâner
    [ar] árabe
    [bg] búlgaro
    [ca] catalão
    [cs] checo
    [da] dinamarquês
    [de] alemão
    [el] grego
    [en] inglês
    [es] espanhol
    [et] estónio
    [eu] basco
    [fa] persa
    [fi] finlandês
    [fr] francês
    [gl] galego
    [he] hebraico
    [hi] hindi
    [hr] croata
    [hu] húngaro
    [hy] arménio
    [id] indonésio
    [is] islandês
    [it] italiano
    [ja] japonês
    [ka] georgiano
    [ko] coreano
    [lt] lituano
    [lv] letão
    [mk] macedónio
    [nb] norueguês
    [nl] neerlandês
    [pl] polaco
    [pt] português
    [ro] romeno
    [ru] russo
    [sk] eslovaco
    [sl] esloveno
    [sq] albanês
    [sr] sérvio
    [sv] sueco
    [th] tailandês
    [tr] turco
    [uk] ucraniano
    [vi] vietnamita
    [zh] chinês
   *[other] { $code }
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
other-houses = Os seus outros alojamentos
conversations = Conversas
all = Todas
needs-reply = por responder
unread = não lidas
unread-one = não lida
begin-with = Escrever ao hóspede de uma reserva
reservation-number = Número da reserva
begin = Abrir
begin-unknown = Nenhuma plataforma ligada conhece este número de reserva. Verifique se está escrito como lá.
begin-not-said = A plataforma não responde de momento. Tente outra vez dentro de um minuto.
held-short = retidas
not-delivered = não entregue
undelivered = não entregues
open = Abertas
set-aside = fechadas
trash = Eliminadas
any = todos
by-channel = Canal
by-language = Língua
narrow = Mostrar
narrowing = Canal, língua
found = { $count ->
    [one] { $count } conversa encontrada
   *[other] { $count } conversas encontradas
}
found-more = Mais de { $count } conversas encontradas
said-by-us = Nós:
said-in-note = Nota:
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
restorable = { $days ->
    [1] O que é eliminado pode ser restaurado durante um dia.
   *[other] O que é eliminado pode ser restaurado durante { $days } dias.
}
deleted = { $count ->
    [one] { $count } conversa eliminada
   *[other] { $count } conversas eliminadas
}
is-deleted = eliminada
undo = Desfazer
restore = Restaurar
nothing = Nada aqui.
search-examples = Também pode procurar assim:
first-use = Aqui aparece o que os hóspedes escrevem para { $address } e o que enviam com o seu formulário:
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
a-note = nota, não é enviada
probably-a-robot = provavelmente um robô
is-a-person = Foi uma pessoa: aceitar
is-a-robot = Um robô: deitar fora
held = retida: ainda não enviada
held-tag = retida
as-sent = Com a formatação
discarded = descartada
automatic = automática
visitors-language = A língua do hóspede
as-they-write = aquela em que escreve
withheld = Retido, porque parece que são máquinas a responder umas às outras.
no-loop = Aqui escrevem pessoas: enviar o que foi retido
by-reply-address = Aqui porque foi usado o endereço de resposta.
by-issued-id = Aqui porque responde a um e-mail nosso.
by-known-id = Aqui porque responde a um e-mail anterior.
by-reservation = Aqui porque indica a reserva.
by-move = Aqui porque aquilo a que responde foi movido para aqui.
by-form = Aqui porque foi usado o formulário de contacto.
by-channel-thread = Aqui porque { $channel } o associou a esta conversa.
by-nothing = Aqui porque nada nele remete para uma conversa anterior.
by-forwarding = Aqui porque um membro o reencaminhou.
earlier = { $count ->
    [one] { $count } mensagem anterior
   *[other] { $count } mensagens anteriores
}
unproven = Nada prova que este remetente seja quem diz ser: { $evidence }
translating = a ser traduzida
pending = traduzida, sai dentro de segundos
original = Original
read-as = O que o hóspede lê, em { $language }
no-translation = Não traduzida:
no-engine = não há aqui tradução configurada para { $from } → { $to }.
rough = A tradução é aproximada e pode ter erros
redacted = A plataforma retirou algo suspeito
quarantined = Cuidado: remetente duvidoso
invitation = Convite
cancelled-invitation = Convite cancelado
dangerous = pode ser um programa: abra com cuidado
look-into = Ver { $name }
refused = não enviada
answer-there = Abrir na plataforma de reservas

## What stands in the fields of the form

field-arrival = Chegada
field-departure = Partida
field-guests = Pessoas
field-phone = Telefone

## What became of a reply

waiting = A caminho de { $to }
delayed = Atrasada; próxima tentativa { $at }: { $to }
accepted = Aceite pelo servidor de { $to }, { $at }
accepted-by = Aceite por { $server } para { $to }, { $at }
failed = Não entregue a { $to }
unknown = Não sabemos se isto chegou a { $to }
kept-back = Retido, porque parece que são máquinas a responder umas às outras: { $to }
server-said = Resposta do servidor: { $text }

## Lines of the timeline

event-done = Não é preciso responder
event-language = A língua do hóspede foi definida
event-translated = Tradução
event-undeliverable = O hóspede não deixou endereço
event-released = O que estava retido segue
event-confirmed = Confirmado pelo membro
event-discarded = Descartada
event-taken-back = Envio anulado
event-restored = De volta: o hóspede escreveu de novo
event-refused = Não enviada
event-accepted = Uma pessoa preencheu o formulário
event-quarantined = Posta de lado: não é autêntica
event-merged = Conversas juntas
event-split = Conversa separada
event-moved = Mensagens movidas
event-failed = Não entregue
event-delayed = Atrasada, continuamos a tentar
event-unknown = Talvez não entregue
event-loop-stopped = Retido, porque parece que são máquinas a responder umas às outras.
event-bounced = Devolvida
event-delivered = Entregue
event-complaint = Denunciada como indesejada
event-automatic-reply = Uma resposta automática
event-with = { $event }: { $text }

## Replying

your-reply = A sua resposta
files = Ficheiros
at-most = no máximo { $size }
too-large = Juntos, estes ficheiros passam de { $size }. Retire algum.
take-out = Retirar
uploading = A carregar
not-uploaded = A ligação foi interrompida. Tente outra vez: nada é enviado duas vezes.
empty-reply = Escreva primeiro alguma coisa.
send = Enviar
translate-and-send = Traduzir e enviar
send-as-written = Enviar tal como está
edit-in-inbox = Editar na caixa de entrada
send-now = Enviar agora
stop = Não enviar
preview = Ver a tradução
text-changed = O texto mudou depois desta tradução. Veja a nova antes de enviar.
your-correction = A sua correção do texto anterior:
will-read = O que o hóspede vai ler, em { $language } (pode alterar)
back-translated = Traduzido de volta, para comparar
note = Guardar como nota
save-draft = Guardar rascunho
draft-saved = Rascunho guardado
leaves-in = Sai dentro de { $seconds } s.
take-back = Anular o envio
too-late = Já saiu.
hold-send = Fomos nós: enviar
hold-discard = Descartar

## Settings

audit = Quem fez o quê
the-house = O alojamento
name-visitors-read = O nome que os hóspedes leem
mail-to = E-mail:
its-language = Língua do alojamento
time-zone = Fuso horário
below-replies = Assinatura no fim de cada resposta
members = Membros
owner = proprietário
answers = pode responder
only-reads = só pode ler
reads-too = Línguas lidas além da do alojamento
leaves-as-written = As respostas saem tal como escritas, salvo se for pedida tradução
is-mailed = As novas mensagens são enviadas por e-mail
signed-in-with = Sessão iniciada com
this-browser = este navegador
contact-form = Formulário de contacto
for-your-site = Para o seu próprio site
connections = Ligações
active = ativa
paused = em pausa
broken = com erro
relay-mail = Booking.com e Airbnb por e-mail
relay-mail-is = Nada é enviado para este teste, porque atrás de cada endereço deles está um hóspede. O teste mostra apenas o que chegou por último e como acabou a última resposta.
test-relay = Testar
relay-heard = um hóspede escreveu pela última vez { $at }.
relay-unheard = ainda nenhum hóspede escreveu. Faça com que as mensagens sejam enviadas para { $sender }.
relay-untried = Ainda não foi enviada nenhuma resposta. Antes da primeira, registe lá { $sender }: { $place }.
relay-under-way = A última resposta está a caminho desde { $at }.
relay-works = A última resposta foi aceite { $at }.
relay-refused = A última resposta, de { $at }, foi recusada. Registe lá { $sender }: { $place }.
relay-place-booking = Extranet, Propriedade, Preferências de mensagens, Definições de segurança, Os seus endereços de e-mail
relay-place-airbnb = como endereço de e-mail da conta
saved = Guardado.
setting-name = É preciso um nome de uma linha e de 100 caracteres no máximo.
setting-language = Língua «{ $wrong }»: escreva duas letras, por exemplo pt.
setting-zone = Fuso horário «{ $wrong }»: escreva um nome como Europe/Lisbon.
setting-signature = A assinatura passa de 1000 caracteres.
in-this-browser = Neste navegador
shortcuts = Atalhos de uma tecla
key-walk = conversa seguinte, anterior
key-tick = selecioná-la
key-delete = eliminar as selecionadas
key-search = procurar
key-reply = responder
key-back = voltar à lista
key-help = estes atalhos
shut = Fechar

## What somebody did, behind their name

action-sign-in = iniciou sessão
action-sign-out = terminou a sessão
action-house = veio de outro alojamento
action-house-tried = tentou passar para outro alojamento
action-begin = escreveu primeiro a um hóspede
action-reply = respondeu
action-held = escreveu uma resposta retida
action-note = escreveu uma nota
action-undo = anulou o envio de uma resposta
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
action-merge = juntou conversas
action-split = separou uma conversa
action-move = moveu mensagens
action-language = definiu a língua do hóspede
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
action-refused = recusado

## The page behind the link of a held reply

held-reply = Resposta retida
held-will-read = Isto é o que o hóspede vai ler, em { $language }:
held-written = Escreveu:
held-waits = Esta resposta espera pela tradução.
held-because = Esta resposta ainda não foi enviada: { $why }
held-draft = O rascunho da tradução ({ $language }):
held-was-it-you = Esta resposta ainda não foi enviada. Foi escrita por si?
held-yes = Sim, fui eu: enviar
held-no = Não: descartar
held-sent = Esta resposta foi enviada.
held-thrown-away = Esta resposta foi descartada.
held-remember = De agora em diante enviar logo o correio de { $address } por { $domains }
