"""Slovenian lines for events that are still to come, or late: intentions, no outcomes."""

from veriga.demo.content.reader import read_lines

PLANNED = read_lines("""
== opening
# event call out | Pokliči zaradi povpraševanja
Vprašati: izdelek, količine, sedanji stroj, rok. Ponuditi ogled.
Razjasniti, kaj v resnici iščejo, preden karkoli pošljemo.
# event call out | Pokliči po sejmu
Spomniti na pogovor in predlagati obisk.
Preveriti, kdo pri njih vodi projekt.
# event visit out | Prvi obisk pri stranki ({town})
Predstavitev podjetja in ogled pakirnice. S seboj: vzorci in dve referenci.
# event video_meeting out | Uvodni videosestanek
Pol ure, predstavitev in vprašanja. Povezava je v vabilu.
# event meeting out | Sestanek z direktorjem
Namen: izvedeti, ali je pakiranje v naložbenem načrtu.
# event fair out | Dogovorjen pogovor na sejmu
Termin je potrjen, pridejo trije. Pripraviti stroj z njihovim formatom.

== qualify
# event call out | Pokliči glede manjkajočih podatkov
Manjkajo letne količine in mere največjega formata.
# event visit out | Ogled pakirnice s tehnologom
Preveriti mere, dovod zraka in pot vnosa stroja. S seboj merilnik takta.
Izmeriti dejanski takt in posneti menjavo formata.
# event meeting out | Sestanek s proizvodnjo in nabavo
Uskladiti zahteve in potrditi, kdo odloča. Dnevni red je poslan.
# event video_meeting out | Videosestanek o zahtevah
Pregledati odprte točke iz zahtev, pri nas sodeluje tehnologija.
# event visit_in in | Napovedan ogled naše montaže
Pridejo štirje. Najaviti montaži, pripraviti stroj v delovanju.

== sample
# event call out | Vprašaj za mnenje o vzorcih
Kaj pravi kakovost in kaj trženje? Če je treba, ponuditi drugi krog.
# event visit out | Preizkus pri stranki ({town})
Prevoz stroja je naročen, preizkus traja dva dni. S seboj rezervni nož in dve foliji.
# event visit_in in | Preizkus s stranko v Celju
Stranka prinese izdelek. Stroj nastaviti že dan prej.

== present
# event demonstration out | Predstavitev stroja: {product}
Udeleženci: proizvodnja, kakovost, vodstvo. Začetek s številkami, nato stroj.
Pripraviti njihov format in list za meritve.
# event demonstration out | Ogled pri referenčni stranki
Skupna pot iz Celja, ogled traja eno uro. Referenčna stranka je obveščena.
# event meeting out | Predstavitev izračuna vodstvu
Izračun na eni strani, previdna in verjetna različica.
# event video_meeting out | Pregled idejne zasnove na daljavo
Skozi postavitev in priključke, zapisati pripombe.
# event call out | Pokliči po predstavitvi
Vprašati po vtisih in kdo od odločevalcev je manjkal.

== offer
# event call out | Pokliči glede ponudbe
Ali so ponudbo pregledali in kaj jih ustavlja?
Predlagati skupni pregled ponudbe po postavkah.
# event call out | Preveri prejem ponudbe
Preveriti, ali je ponudba prišla do prave osebe, in vprašati za rok odločitve.
# event meeting out | Skupni pregled ponudbe po postavkah
Pripraviti različico brez odlagalne mize in odgovor o dobavnem roku.
# event visit out | Obisk zaradi ponudbe ({town})
Osebno predstaviti ponudbo proizvodnji in nabavi.

== negotiate
# event call out | Pokliči: ali je odločitev padla
Seja je bila napovedana za ta teden. Vprašati odkrito.
# event meeting out | Pogajanja: cena in plačilo
Meja je potrjena z vodjo. Za popust zahtevati referenco.
# event video_meeting out | Zadnji pregled pogodbe
Odprta sta člena o prevzemu in odzivnem času.
# event visit out | Obisk direktorja pri direktorju
Pogovor na vrhu pred sejo uprave, brez cenika na mizi.

== won
# event meeting out | Začetni sestanek projekta
Časovnica, odgovorne osebe, prevzemni preizkus.
# event visit_in in | Dogovorjen prevzemni preizkus
Stranka prinese izdelek in folijo. Zapisnik pripraviti vnaprej.

== lost
# event call out | Vljuden klic pol leta po odločitvi
Kako dela izbrani stroj in ali se odpira nov projekt?

== given_up
# event call out | Poskus ponovnega stika
Preveriti, ali se je pri njih kaj spremenilo.

== after_sales
# event call out | Pokliči: zadovoljstvo s strojem
Vprašati po taktu, izmetu in zastojih.
Preveriti, ali imajo dovolj obrabnih delov na zalogi.
# event call out | Pokliči glede termina servisa
Predlagati dva termina zunaj izmene.
# event visit out | Načrtovan letni servis
Zamenjava obrabnih delov po seznamu, umerjanje tehtnice.
Servis po pogodbi. S seboj komplet delov za ta stroj.
# event visit out | Načrtovano šolanje upravljavcev
Dve skupini, gradivo je natisnjeno.
# event visit out | Nastavitev novega formata
Formatni deli so izdelani, vzorci izdelka čakajo pri stranki.
# event meeting out | Letni pogovor o sodelovanju
Zastoji, servis, poraba folije, načrti za prihodnje leto.
# event video_meeting out | Dogovorjena diagnostika na daljavo
Vzdrževalec bo ob stroju, potreben je dostop do krmilnika.
# event visit_in in | Napovedano šolanje vzdrževalcev
Prideta dva, delo na montaži in preizkus znanja.

== internal
# event internal_meeting internal | Sestanek prodaje: načrt tedna
Zamude, ponudbe pred iztekom, obiski.
# event internal_meeting internal | Pregled prodajnega lijaka
Posel po posel: na kom je poteza in do kdaj.
# event internal_meeting internal | Posvet s servisom
Odprte reklamacije in razpored serviserjev.
""")
