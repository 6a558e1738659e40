"""Words that carry no meaning of their own, by language, without accents: what a question is put with."""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH = """
a about after again all also am an and any anybody anyone are as at be because been before being but by can
cannot could d did didn do does doesn doing don else ever every explain for from get gets getting give go
going gonna got had happen happens has have having he hello her hey hi him his how i if in into is isn it
its just know let like ll look m make makes many may maybe me mean means might mine more most much must my
need needs no not now of off ok okay on once one only or other our ours out over please possible really
right s same shall she should show so some somehow someone something still such t tell than thank thanks
that the their them then there these they thing things this those to too up us use used using ve very via
wanna want was way we well were what whats when where whether which while who whom whose why will with
within without won work works would yes yet you your yours
"""
_GERMAN = """
ab aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch auf
aus bei beim bekomme bekommen bekommt bin bis bist bitte da dabei dafur dagegen daher dahin damals damit
danach dank danke daran darauf daraus darf darfst darin daruber darum das dass dauern dauert davon davor
dazu dein deine deinem deinen deiner dem den denn der deren des deshalb dessen dich die dies diese diesem
diesen dieser dieses dir doch dort du durch durfen eben ein eine einem einen einer eines einfach einige
einmal er erst es etwa etwas euch euer eure fur gar geben gehen geht genau gerade gern gerne gibt gleich
habe haben habt hallo hat hatte hatten hattet her hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren
ihrer im immer in ins ist ja jede jedem jeden jeder jedes jemand jetzt kann kannst kein keine keinem keinen
keiner klappt konnen konnt konnte konnten lang lange lasse lassen lasst mache machen macht mal man mehr mein
meine meinem meinen meiner mich mir mit mochte mochten moglich muss mussen musst nach nein nicht nichts noch
nun nur ob oder ohne schon sehr sein seine seinem seinen seiner seit selbst sich sie sind so sobald soll
sollen sollte sonst soviel sowie tun und uns unser unsere unserem unseren unserer unter viel viele vielen
vielleicht vom von vor wann war ware waren warum was weil weiter welche welchem welchen welcher welches wem
wen wenn wer werde werden weshalb wessen wie wieder wieso wieviel will wir wird wo woher wohin wollen womit
worden wozu wurde wurden zu zum zur zuruck zwar zwischen
"""
_FRENCH = """
a afin ai aie ainsi alors apres as assez au aucun aucune aujourd aura auront aussi autre autres aux avais
avait avant avec avez avoir avons ayant beaucoup bien bonjour c ca car ce ceci cela celle celles celui ces
cet cette ceux chaque chez combien comme comment d dans de depuis des dois doit doivent donc dont du dure
durent elle elles en encore entre es est et etaient etait etant etc ete etes etre eu eux faire fais fait
faites faut fois font ici il ils j je jusqu l la laquelle le lequel les lesquelles lesquels leur leurs
lorsque lui m ma mais me meme memes merci mes mettre moi moins mon n ne ni non nos notre nous on ont or ou
oui par parce pas passe pendant peu peut peuvent peux plait plus plutot possible pour pourquoi pouvez
pouvoir pouvons puis puisque qu quand que quel quelle quelles quelque quelques quels qui quoi s sa sais sans
se sera serai serait serez seront ses seulement si sinon soit sommes son sont sous suis sur svp t ta te tel
telle temps tes toi ton tous tout toute toutes tres trop tu un une va vais vas vers veut veux voici voila
vont vos votre voudrais vous vraiment y
"""
_SPANISH = """
a acerca ademas ahi ahora al algo alguien algun alguna algunas alguno algunos alla alli ambos ante antes
aquel aquella aquello aqui asi aun aunque bajo bien buenas buenos cada casi como con contra cosa cosas cual
cuales cualquier cuando cuanta cuantas cuanto cuantos da dan de debe deben debo del demas desde despues dice
donde dos dura duran durante e el ella ellas ellos en entonces entre era eran eres es esa esas ese eso esos
esta estaba estan estar estas este esto estos estoy favor fue fueron gracias ha haber habia habra hace hacen
hacer hacia hago han has hasta hay he hola igual incluso ir jamas la las le les lo los luego mas me mediante
mejor menos mi mia mientras mio mis misma mismas mismo mismos mucha muchas mucho muchos muy nada nadie
necesitamos necesito ni ningun ninguna ninguno no nos nosotras nosotros nuestra nuestras nuestro nuestros
nunca o os otra otras otro otros para pasa pero poco podeis podemos poder podria por porque posible pronto
puede pueden puedo pues que quien quienes quiere quiero saber se sea segun ser si sido siempre sin sino so
sobre sois solo somos son soy su sus suyo tal tambien tan tanto tarda tardan te teneis tenemos tener tengo
ti tiene tienen tienes toda todas todo todos tras tu tus tuyo un una unas uno unos usted ustedes va vamos
van vez vosotras vosotros voy vuestra vuestras vuestro vuestros y ya yo
"""
_PORTUGUESE = """
a acerca agora ai ainda alem algo alguem algum alguma algumas alguns ali ambos antes ao aos apenas apos
aquela aquelas aquele aqueles aqui aquilo as assim ate bem boa bom cada coisa coisas com como contra cuja
cujo da daquela daquele das de dela delas dele deles demais demora demoram depois desde dessa desse desta
deste deve devem devo do dos dura duram durante e ela elas ele eles em entao entre era eram essa essas esse
esses esta estamos estao estar estas estava este estes estou eu faco favor faz fazem fazer fica ficar foi
for foram ha isso isto ja la lhe lhes logo mais mas me mediante menos mesma mesmas mesmo mesmos meu meus mim
minha minhas muita muitas muito muitos na nada nao nas nem nenhum nenhuma nessa nesse nesta neste ninguem no
nos nossa nossas nosso nossos num numa nunca o obrigada obrigado oi ola onde os ou outra outras outro outros
para pela pelas pelo pelos pode podem podemos poder poderia pois por porem porque posso pouco pra precisa
precisamos preciso proprio quais qual qualquer quando quanta quantas quanto quantos que quem quer quero sao
se seja sem sempre sendo ser sera seu seus si sido so sob sobre somos sou sua suas tal talvez tambem tanto
tao te tem temos tenho ter teu teus toda todas todo todos tu tua tuas tudo um uma umas uns vai vamos vao
voce voces vos vou
"""
_ARABIC = """
آخر آن ابدا إذ إذا أحد أخرى أريد إلا الآن التي الذي الذين اللاتي اللذان إلى أم أما أمام أن إن أنا أنت أنتم
أنك أنه إنه أنها إنها أنهم أو أي أيضا أين أية بأن بد بدون بعد بعض بل بلا بين بينما تحت تكون تلك ثم جدا حتى
حول حيث حين خلال دون ذلك رجاء سوف شكرا شيء ضد عبر عدا عدة عدد عما عن عند عندما على عليه عليها عليك عليهم
علينا غير فإن فقط فما فهل فهو فهي في فيما فيه فيها قبل قد كان كانت كأن كذلك كل كلما كم كما كي كيف لا لأن
لأنه لدى لدي لديك لديكم لدينا لديه لديها لذلك لست لقد لك لكم لكن لكي لم لما لماذا لن لنا له لها لهم لو ليس
ليست لي ما ماذا متى مثل مجرد مرحبا مع معنا معي معه معها معكم ممكن من منا منذ منه منها مني منكم مهما نحن نعم
نفس نفسه نفسها هذا هذان هذه هكذا هل هم هما هن هنا هناك هو هي وإذا وإن والتي والذي وأن وأنا وفي وقد وكان وكيف
ولا ولكن ولم ولن وله وما ومتى ومن وهل وهو وهي يا يتم يجب يحدث يكون يمكن يمكنك يمكنكم يمكنني ينبغي أستطيع
تستطيع يستطيع نستطيع تستغرق يستغرق
"""

STOP_WORDS: Mapping[str, str] = {
    "en": _ENGLISH,
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    "pt": _PORTUGUESE,
    "ar": _ARABIC,
}
"""By a language's code, between blanks."""
