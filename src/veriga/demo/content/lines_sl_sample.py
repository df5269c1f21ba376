"""Slovenian lines: samples and tests, and presenting the solution."""

from veriga.demo.content.reader import read_lines

LINES = read_lines("""
== sample
# event call out | Dogovor o preizkusu
Pripravijo 50 kg izdelka in dva zvitka svoje folije. Preizkus bo v naši delavnici.
Za preizkus so, vendar samo z največjim formatom. Količine in datum potrdijo po e-pošti.
# event call_in in | Pošiljajo nam svoj izdelek
Paleta z izdelkom je na poti, prispe v dveh dneh. Prosijo, da merimo tudi izmet.
# event email_in in | Napoved pošiljke za preizkus
Napovedana pošiljka: trije formati, po 200 kosov. Rok uporabe je kratek, preizkus mora biti ta teden.
# event visit out | Prevzem izdelkov za preizkus
Izdelki prevzeti pri stranki, ker pošiljanje ni mogoče. Obenem izmerjena višina odlagalne mize.
# task - internal | Prevzemi izdelke za preizkus
Ob prevzemu prešteti in fotografirati. Hladna veriga se ne sme prekiniti.
# task - internal | Naroči preizkusno folijo
Dva zvitka, širina 420 mm. Če dobavitelj zamuja, vzeti podobno iz zaloge.
# task - internal | Pripravi stroj za preizkus
Nastaviti formatne dele in temperaturo zvara. Preizkus dan prej opraviti brez stranke.
# task - internal | Pošlji vzorčna pakiranja
Deset kosov vsakega formata, označenih s številko nastavitve. Priložiti spremni list.
# task - internal | Preveri tesnost zvarov
Preizkus v vodni kopeli in s podtlakom, rezultate vpisati v poročilo.
# task - internal | Napiši poročilo o preizkusu
Takt, izmet, poraba folije, fotografije zvarov. Brez olepševanja, stranka je bila zraven.
Poročilo naj obsega največ tri strani, s predlogom nastavitev za stroj ({product}).
# event email out | Napoved pošiljke vzorcev
Vzorci gredo jutri s hitro pošto. Prosimo, da jih ocenita kakovost in trženje.
# product_record sample_sent out | Vzorčna pakiranja poslana
Poslanih je 20 kosov v dveh formatih, zapakiranih na stroju: {product}.
Poslana škatla vzorcev z nastavitvami. Mnenje pričakujemo v desetih dneh.
Vzorci poslani na naslov proizvodnje, en komplet tudi direktorju.
# product_record sample_sent out FO-OPP35 | Vzorec folije poslan
Poslan zvitek OPP 35 µm za preizkus na njihovem sedanjem stroju.
# product_record sample_sent out FO-RC | Vzorec reciklabilne folije poslan
Poslana dva zvitka za preizkus. Temperatura zvara mora biti 8 °C nižja kot pri sedanji foliji.
# product_record sample_sent out ZP-12 | Vzorci z dvema vrstama zvara
Poslana pakiranja z ravnim in narebrenim zvarom, da stranka primerja odpiranje.
# product_record sample_sent out VP-15 | Vzorčne vrečke s stojnim dnom
Poslane vrečke treh velikosti, prazne in napolnjene. Ocenijo naj obliko dna.
# product_record sample_sent out ET-5 | Vzorci etiket poslani
Poslane etikete na treh vrstah površine, da preverijo lepljenje v hladilnici.
# product_record sample_sent out | Drugi krog vzorcev poslan
Nastavitve popravljene po pripombah, zvar je širši za 2 mm. Poslanih 30 kosov.
# event visit out | Osebna predaja vzorcev
Vzorci predani osebno, skupaj odprtih deset kosov. Odpiranje jim ustreza, zvar bi radi ožji.
# event call out | So vzorci prispeli?
Prispeli so včeraj, pregledajo jih do konca tedna.
Paket je pri vratarju, nihče ga ni prevzel. Zdaj vedo zanj, odziv v petek.
# event call_in in | Vzorci niso prispeli
Paketa še ni, sledenje kaže, da je v skladišču dostavne službe. Pošljemo nov komplet, ne čakamo.
# event complaint in | Poškodovana pošiljka vzorcev
Polovica vzorcev je zmečkanih, škatla je bila pretanka. Nove pošljemo v trši embalaži.
# event call out | Mnenje o vzorcih
Trženju je videz všeč, kakovost želi še preizkus roka uporabe. Odgovor čez tri tedne.
Dobri, a ne odlični: pri večjem formatu se zvar naguba. Predlagamo nov preizkus.
# event call_in in | Vzorci so v redu
Vzorci so prestali notranji preizkus. Kakovost jih je potrdila, zdaj je na vrsti cena.
Kličejo sami: vzorci ustrezajo, vodstvo jih je videlo. Želijo nadaljevati.
# event call_in in | Vzorci niso ustrezni
Pri padcu z enega metra zvar popusti. Treba bo dvigniti temperaturo ali zamenjati folijo.
Barva folije ni prava, zvar pa je v redu. Za presojo potrebujejo vzorce v končni foliji.
# event call_in in | Želijo vzorce še enega formata
Poleg dosedanjih potrebujejo še družinsko pakiranje. Izdelek pošljejo takoj.
# event email_in in | Pisno mnenje o vzorcih
Ocena po oddelkih: kakovost 4, trženje 5, proizvodnja 4. Pripombi sta dve, obe sta rešljivi.
# event email_in in | Izvidi njihovega laboratorija
Mikrobiologija in tesnost sta v mejah. Rok uporabe se v novi embalaži podaljša za štiri dni.
# product_record test in | Preizkus v naši delavnici
Opravljena dva preizkusa po eno uro: takt 38, izmet 0,8 %. Stranka je bila navzoča.
Pri manjšem formatu brez zastoja, pri večjem dvakrat zagozden izdelek. Popraviti je treba vodilo.
# product_record test in | Preizkus pri stranki: {product}
Predstavitveni stroj je delal dva dni v redni izmeni. Upravljavci so se ga navadili v pol ure.
Preizkus na lokaciji uspešen, omejitev je samo nizek tlak zraka ob koncu izmene.
# product_record test in FO-RC | Preizkus z reciklabilno folijo
Zvar drži, razpon nastavitev je ožji. Takt je pri tej foliji za 10 % nižji.
# product_record test in VT-10 | Preizkus tehtanja
Odstopanje je pod 1,5 g pri 500 g. Zahteve za označevanje količine so izpolnjene.
# product_record test in | Preizkus roka uporabe
Vzorci so v komori, izvidi bodo čez 21 dni.
# product_record test in | Preizkus pri polni hitrosti
Štirideset na minuto eno uro brez ustavitve. Poraba folije je 6 % manjša kot pri njih.
# product_record test in OV-8 | Preizkus prevoza na paleti
Ovita paleta je prestala pot do Nemčije in nazaj brez premika tovora.
# product_record objection in | Pomislek: zvar popušča
Pri hlajenem izdelku se zvar odpira v vogalu. Tehnologija predlaga širše čeljusti.
# product_record objection in | Pomislek: videz embalaže
Trženje moti guba na sprednji strani. Z drugačnim vodilom je mogoča rešitev.
# product_record objection in FO-RC | Pomislek: cena reciklabilne folije
Folija je dražja za petino. Odgovor: nižja embalažnina in manj materiala na pakiranje.
# event visit out | Preizkus na terenu ({town})
Stroj postavljen v pakirnico, prvi kosi po dveh urah. Ekipa je imela veliko vprašanj in malo zadržkov.
Preizkus prekinjen zaradi okvare njihovega kompresorja, ponovitev čez en teden.
# event visit_in in | Navzoči pri preizkusu v Celju
Prišli so trije, gledali dve uri in merili po svoje. Njihove številke se ujemajo z našimi.
# event video_meeting out | Prenos preizkusa po videu
Preizkus spremljajo na daljavo, kamera ob zvaru. Za odločitev jim to zadošča, obisk ni potreben.
# event email out | Poročilo o preizkusu
Poslana sta poročilo na treh straneh in posnetek. Zaključek: izdelek je primeren, pogoj je druga folija.
Poslani rezultati in predlog: {product}.
# event email out | Posnetek preizkusa
Poslan posnetek v dveh delih, zvar v počasnem posnetku in celoten cikel. Prosimo za mnenje tehnologije.

== present
# task - internal | Prilagodi predstavitev panogi
Zamenjati primere in reference s takimi, ki jih stranka pozna. Izračun na njihovih količinah.
# task - internal | Pripravi predstavitveni stroj
Očistiti, nastaviti na njihov format, pripraviti rezervni zvitek folije.
Na dan predstavitve mora teči brez posegov: {product}.
# task - internal | Izdelaj 3D-postavitev
Postavitev v njihov tloris, s potjo viličarja in varnostno ograjo.
# task - internal | Pripravi izračun povračila naložbe
Upoštevati delo, izmet, folijo in energijo. Previdna in verjetna različica.
# task - internal | Dogovori ogled pri referenčni stranki
Poklicati referenčno stranko in predlagati dva termina. Po ogledu se jim zahvaliti.
# task - internal | Preveri zahteve glede oznake CE
Linija več dobaviteljev: kdo izda izjavo za celoto? Odgovor pripraviti pred predstavitvijo.
# event internal_meeting internal | Uskladitev predloga s tehnologijo
Izbrana je izvedba z enim trakom manj. Cena pade za 5 %, takt ostane enak.
# event invitation out | Vabilo na predstavitev stroja
Vabljeni proizvodnja, kakovost in vodstvo. Predstavitev traja dve uri, nato kosilo.
Vabilo na predstavitev: {product}. Prosimo, da prinesejo svoj izdelek.
# event invitation out | Vabilo v predstavitveni prostor v Celju
Predlagani trije termini. Organiziramo prevoz, če jih pride več kot pet.
# event call out | Klic pred predstavitvijo
Pride jih pet, tudi finance. Želijo, da se začne s številkami in ne s strojem.
# event demonstration out | Predstavitev stroja v Celju
Stroj je tekel s polnim taktom, izmeta skoraj ni bilo. Vodstvo je odšlo zadovoljno.
Največ zanimanja za čiščenje brez orodja. Pri ceni nihče ni zamahnil z roko.
# event demonstration out | Predstavitev na lokaciji ({town})
Predstavitev v njihovi sejni sobi, vzorci na mizi. Proizvodnja je za, nabava čaka na primerjavo.
Tri ure predstavitve in ogleda. Ob koncu so prvič omenili rok: zagon v osmih mesecih.
# event demonstration out | Predstavitev menjave formata
Menjava pred stranko v 11 minutah, prvič jo je izvedel njihov delavec.
# event demonstration out | Predstavitev čiščenja in vzdrževanja
Vzdrževalci so razstavili in sestavili enoto za zvar. Pripomba: en vijak je težko dostopen.
# event demonstration out | Predstavitev pri referenčni stranki
Referenčna stranka je povedala tudi slabo: prvi mesec je bil težak. Ravno to je naredilo vtis.
# event demonstration out | Predstavitev krmiljenja in zaslona
Zaslon v njihovem jeziku, recepture za vse formate. Želijo še izvoz podatkov v svoj sistem.
# event demonstration out | Predstavitev za vodstvo
Kratka predstavitev, dvajset minut in številke. Vprašanje vodstva: kaj, če promet pade za četrtino?
# event demonstration out | Ponovna predstavitev za novo ekipo
Del ekipe se je zamenjal, zato je bila predstavitev ponovljena. Zadržkov je manj kot prvič.
# event demonstration out | Predstavitveni stroj na preizkušnji
Stroj ostane pri njih deset dni. Vsak dan izpolnijo list z zastoji in izmetom.
# event meeting out | Predstavitev idejne zasnove
Od dveh različic jim je bližja druga, z manj pretovarjanja. Uporabili bi tudi sedanji trak.
# event meeting out | Izračun povračila na njihovih številkah
Skupaj z njihovimi financami preračunano: naložba se povrne v 26 mesecih. Številkam verjamejo, ker so njihove.
# event meeting out | Predstavitev upravi
Uprava je naklonjena, zanima jo tveganje ob zagonu. Dogovorjeno: časovnica z vmesno zalogo izdelkov.
# event meeting out | Varnost in oznaka CE
Z njihovo službo za varnost pregledana tveganja. Dodati je treba zaveso ob odlagalni mizi.
# event video_meeting out | Predstavitev rešitve na daljavo
Devet udeležencev s treh lokacij. Zaradi jezika je bilo počasi, posnetki so povedali več kot besede.
Predstavljeno: {product}. Prosijo za posnetek in povzetek na eni strani.
# event video_meeting out | Ogled 3D-postavitve
Skupni ogled postavitve. Vrata v skladišče je treba premakniti ali linijo zasukati.
# event visit out | Predstavitev rešitve v pakirnici
Predlog razložen kar ob stroju. Upravljavka je pokazala, kje se zatika vsak dan – natanko to rešujemo.
# event visit out | Zarisana postavitev na tleh
Obris linije s trakom nalepljen na tla. Zdaj vsi vidijo, da gre in da ostane prostor za paleto.
# event visit_in in | Obisk njihovega direktorja
Direktor je prišel brez tehnikov. Zanimala so ga leta podpore in kdo dvigne telefon v soboto.
# event visit_in in | Upravljavci na ogledu stroja
Prišli so ljudje, ki bodo s strojem delali. Po eni uri so ga upravljali sami.
# event visit_in in | Ogled linije pred odpremo
Ogledali so si linijo, pripravljeno za drugega kupca. Takšno bi radi, le z manjšim zalogovnikom.
# event fair out | Stroj na sejmu v delovanju
Pripeljali so ekipo in pol ure merili takt. Primerjali so nas s ponudnikom dva prostora naprej.
# event email out | Predstavitev in posnetek po sestanku
Poslane prosojnice, posnetek in seznam dogovorjenega. Naslednji korak je na njihovi strani.
# event email out | Izračun prihranka
Poslan izračun: delo, folija, izmet. Previdna različica se povrne v treh letih, verjetna v dveh.
# event email out | Idejna zasnova in postavitev
Poslani risbi obeh različic z merami priključkov. Pripombe pričakujemo v dveh tednih.
Poslana zasnova. Osrednji stroj: {product}.
# event email out | Odgovori na vprašanja s predstavitve
Odgovorjeno na vseh enajst vprašanj, dve s pridržkom do preizkusa.
# event email_in in | Zahvala za predstavitev
Zahvaljujejo se in pohvalijo odkritost o omejitvah. Notranji sestanek imajo čez deset dni.
# event email_in in | Pripombe k idejni zasnovi
Štiri pripombe, največja: dostop za čiščenje s hrbtne strani. Rešljivo z zasukom za 90 stopinj.
# event email_in in | Dodatna vprašanja uprave
Uprava sprašuje po najdaljši ustavitvi pri dosedanjih kupcih in po pokritosti servisa med prazniki.
# event call out | Vtisi po predstavitvi
Vtis je dober, odloča pa koncernska nabava. Pripravijo nam termin z njo.
Všeč jim je bilo vse razen dobavnega roka. Če ga skrajšamo na 14 tednov, smo prvi.
# event call_in in | Predstavitev jih je prepričala
Kličejo dan po predstavitvi: drugih ponudnikov ne bodo vabili, če bo cena razumna.
# event call_in in | Prosijo za še eno predstavitev
Manjkala je kakovost, brez nje odločitve ni. Termin predlagajo sami.
# event call_in in | Vodstvo želi izračun
Tehnika je potrjena. Vodstvo želi izračun povračila na eni strani, do srede.
# product_record interest in | Zanimanje po predstavitvi: {product}
Zanimanje potrjeno po predstavitvi, želijo končno izvedbo z dodatnim formatom.
Po predstavitvi se nagibajo k temu modelu, ker je čiščenje hitrejše.
# product_record interest in LP-60 | Zanimanje za hitrejšo izvedbo
Zaradi napovedane rasti jih zanima LP-60 namesto manjše izvedbe.
# product_record interest in VT-10 | Zanimanje za večglavno tehtnico
Ročno tehtanje je počasno in drago. Deset glav zadošča, hitrost ni odločilna.
# product_record objection in | Pomislek: zahtevno upravljanje
Bojijo se, da stroja ne bo znal nastaviti nihče razen vzdrževalca. Pokazati jim je treba recepture.
# product_record objection in | Pomislek: hrup
Pakirnica je majhna, meja je 75 dB. Ponuditi je treba pokrov nad nožem.
# product_record objection in | Pomislek: čas čiščenja
Čiščenje ob menjavi alergena sme trajati največ 20 minut. Preveriti s tehnologijo.
# product_record competitor_product in | Pri konkurenci hitrejši stroj
Na ogledu pri konkurenci so videli 60 na minuto. Vprašanje je, ali tolikšen takt res potrebujejo.
""")
