"""How people ask for a person: patterns by language, one a line, `<name>` standing for a list of `LISTS`.

They are matched against lower-case words without accents and punctuation, one blank between them: "I'd" is
"i d". A pattern begins at a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_LISTS = r"""
real       = (?:(?:a|an|the|your|some|any|one|of|real|live|actual|human|customer|support|service|sales) )*
who        = (?:<one>|people|<body>|agents|operators|reps?|employees?|staff|team|<desk>)
body       = (?:someone|somebody|anyone|anybody)
one        = (?:<single>|colleague|manager|supervisor|(?:staff|team) members?)
single     = (?:human(?: being)?|person|agent|operator|representative|rep|advisor)
desk       = (?:customer (?:service|support|care)|support(?: team)?|sales(?: team)?)
no_thing   = (?! (?:<thing>)\b)
thing      = resources?|rights?|error|body|account|role|name|id|licen[cs]e|desk|page|api|key|handbook
soft       = (?:(?:please|pls|plz|just|really|rather|now|also|finally|directly|quickly) )*
speak      = (?:talk|talking|speak|speaking|chat|chatting)
move       = (?:connect|transfer|switch|forward|pass|hand|put|redirect|refer|escalate)
moved      = (?:connected|transferred|forwarded|put through|handed over)
want       = (?:want|wanna|need|would like|d like|prefer|would prefer|require|request|demand|wish for)
give       = (?:get|give|send|find|fetch|bring|call)
there      = (?:available|here|there|around|online|free|i can)
end        = (?= ?$| (?:<after>)\b)
after      = <polite>|here|instead|rather|not|who|to <help>|right|today|on|for (?:this|that|help)|and|because
polite     = please|pls|plz|now|asap|immediately|urgently|thanks?|thank you
help       = (?:talk|speak|chat|help|answer|look|take)
machine    = (?:bot|robot|machine|ai|computer|chatbot)
mensch     = (?:mensch(?:en)?|person|mitarbeiter(?:in)?|berater(?:in)?|ansprechpartner|operator)
jemand     = (?:<mensch>|(?:irgend)?jemand(?:em)?|kollegen|support|kundenservice|kundendienst)
einem      = (?:(?:einem|einer|nem|ner|euch|ihrem|eurem|echten|richtigen|realen|menschlichen) )*
einen      = (?:(?:einen|eine|nen|echten|echte|richtigen|richtige|menschlichen) )+
ein        = (?:(?:ein|eine|einen|echter|echten|richtiger) )*
sprechen   = (?:sprechen|reden|chatten|schreiben|verbinden|verbunden|kontakt|telefonieren)
moechte    = (?:will|mochte|moechte|brauche|wunsche|hatte gerne?|bitte|gib mir|geben sie mir)
un         = (?:(?:un|une|de|l|vrai|vraie|veritable|etre) )*
humain     = (?:humain|conseill(?:er|ere)|operat(?:eur|rice)|agent humain|vraie personne|personne reelle)
quelquun   = (?:<humain>|personne|quelqu un|agent|responsable|employe|service client)
parler     = (?:parler|discuter|echanger|ecrire|chatter)
passez     = (?:mettez|mets|mettre|passez|passe|transferez|transfere)
voudrais   = (?:veux|voudrais|souhaite|prefere|besoin d|besoin de)
svp        = (?:svp|stp|s il vous plait|s il te plait|maintenant)
uno        = (?:(?:un|una|algun|alguna|el|la|verdadero|ser) )*
humano     = (?:persona real|agente humano|humano|operador|operadora|asesor|asesora|representante|persona)
alguien    = (?:<humano>|humana|alguien|agente|encargado|atencion al cliente)
hablar     = (?:hablar|chatear|conversar|comunicarme|contactar)
paseme     = (?:paseme|pasame|comuniqueme|comunicame|conecteme|conectame|transfierame|ponme|pongame)
quiero     = (?:quiero|quisiera|necesito|prefiero|deseo)
um         = (?:(?:um|uma|o|a|algum|alguma|ser) )*
pessoa     = (?:humano|atendente(?: humano)?|pessoa(?: real)?|operador|operadora)
alguem     = (?:<pessoa>|humana|alguem|agente|consultor|representante|suporte)
quero      = (?:quero|queria|gostaria de|preciso de|prefiro)
tahaddath  = (?:التحدث|الكلام|اتحدث|اتكلم|احكي|التكلم|التواصل|اتواصل|الدردشه)
muwazzaf   = (?:شخصا?|انسانا?|موظفا?|احد|ممثل|وكيل|مندوب|خدمه العملاء|الدعم)
urid       = (?:اريد|عايز|ابغي|ابي|احتاج|محتاج|بدي)
minfadlak  = (?:من فضلك|لو سمحت|رجاء|الان)
porfavor   = (?:por favor|real|humano|ya|ahora|agora)
"""

ENGLISH = r"""
<speak> <soft>(?:to|with) <real><who>\b<no_thing>
<move> (?:me|us|this|it) (?:(?:over|through|on|in touch) )*(?:to|with) <real><who>\b<no_thing>
be <moved> (?:to|with) <real><who>\b<no_thing>
<want> <soft>(?:to (?:see|reach|contact|get|have) )?<real><one>\b<no_thing><end>
<give> (?:me|us) <soft><real>(?:<one>|<body>)\b<no_thing><end>
(?:ask|asking|asked) for <real><one>\b<no_thing><end>
(?:reach|contact|get hold of) <real>(?:<one>|<body>)\b<no_thing>
(?:<body>|who|person|human) (?:that )?(?:i can|can i|i could|could i) <speak> (?:to|with)
^(?:is|are) there <real><one>s? <there>
^(?:is|are) <real>(?:<one>|<body>)s? (?:available|online|free)
(?:do not|don t|dont) (?:want|like|wish) (?:to )?<speak> (?:to|with) (?:(?:a|an|the|this|your) )*<machine>\b
"""

OTHERS = r"""
mit <einem><jemand> (?:\w+ )?<sprechen>
<sprechen>(?: \w+){0,2} mit (?:\w+ ){0,2}<jemand>\b
<moechte> (?:gerne? )?<einen><mensch>(?= ?$| (?:sprechen|bitte|jetzt|statt))
^(?:hallo |bitte )?<ein>(?:<mensch>|kundenservice|kundendienst)(?: (?:bitte|jetzt|sofort))*$
<parler>(?: \w+)? (?:a|avec) <un><quelquun>\b
<passez>(?: moi)?(?: \w+){0,3} (?:avec|a|au) <un><quelquun>\b
<voudrais> <un><humain>(?= ?$| <svp>)
^(?:bonjour )?<un>(?:<humain>|agent)(?: <svp>)*$
<hablar> con <uno><alguien>\b
<paseme>(?: \w+)? con\b
<quiero> (?:a )?<uno><humano>(?= ?$| <porfavor>)
^(?:hola )?<uno>(?:<humano>|agente)(?: <porfavor>)*$
(?:falar|conversar|teclar) com <um><alguem>\b
<quero> <um><pessoa>(?= ?$| <porfavor>)
^(?:ola )?<um><pessoa>(?: <porfavor>)*$
<tahaddath> (?:مع|الي) (?:\w+ )?<muwazzaf>
<urid> (?:الي )?<muwazzaf>(?: حقيقيا?)?(?= ?$| <minfadlak>)
(?:حولني|وصلني|حولوني) (?:الي|ب|مع) ?<muwazzaf>
^<muwazzaf>(?: حقيقي)?(?: <minfadlak>)*$
"""


_STARTS = "(?:^|(?<= ))"


def compiled(patterns: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of a text, one a line."""
    lists = dict(re.split(r"\s+=\s", line, maxsplit=1) for line in _LISTS.strip().splitlines())
    wholes = (_expanded(line, lists) for line in patterns.strip().splitlines())
    return tuple(re.compile(_STARTS + whole) for whole in wholes)


def any_of(patterns: Iterable[re.Pattern[str]]) -> re.Pattern[str]:
    """Finds something where one of them does. Nearly all messages ask for nothing, and one search says so."""
    wholes = (pattern.pattern.removeprefix(_STARTS) for pattern in patterns)
    return re.compile(f"{_STARTS}(?:{'|'.join(wholes)})")


def _expanded(pattern: str, lists: dict[str, str]) -> str:
    while (wider := re.sub(r"(?<!\(\?)<([a-z_]+)>", lambda name: lists[name[1]], pattern)) != pattern:
        pattern = wider
    return f"(?:{pattern})"
