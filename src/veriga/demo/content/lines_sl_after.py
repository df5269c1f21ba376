"""Slovenian lines: life with the machine, and work inside the firm."""

from veriga.demo.content.reader import read_lines

LINES = read_lines("""
== after_sales
# event visit out | Montaža in zagon ({town})
Montaža končana v treh dneh, zagon četrti dan. Prva serija brez posebnosti.
Stroj postavljen in priključen. Zagon zamaknjen za en dan, ker dovod zraka ni bil pripravljen.
# event visit out | Šolanje upravljavcev
Usposobljenih je bilo šest delavcev v dveh skupinah. Najdlje smo se zadržali pri menjavi formata.
Šolanje opravljeno, preizkus znanja so opravili vsi. Navodila visijo ob stroju.
# event call out | Kako dela stroj?
Po prvem tednu so zadovoljni. Zatika se samo pri odvijanju nove folije.
Takt je dosežen, izmet še ne. Predlagamo obisk tehnologa.
Stroj dela brez posebnosti. Še enkrat pohvalijo montažo.
# event visit out | Obisk po enem mesecu obratovanja
Zastojev je pol manj kot na starem stroju. Nastavljena temperatura pri drugem formatu.
# product_record in_use in | Stroj obratuje v dveh izmenah
Dve izmeni, pet dni na teden, okoli 500.000 pakiranj na mesec.
# product_record in_use in | Menjava formata v dvanajstih minutah
Ekipa menja format brez vzdrževalca, tri minute hitreje od cilja.
# product_record in_use in | Poraba folije se je zmanjšala
Po treh mesecih 7 % manj folije na tisoč pakiranj.
# product_record in_use in FO-PE50 | Folija PE 50 µm v redni uporabi
Redna poraba 1.200 kg na mesec, odpoklic vsaka dva tedna.
# event call_in in | Stroj stoji
Na zaslonu napaka pogona, ponovni zagon ne pomaga. Serviser bo tam čez dve uri.
Stroj stoji od jutra, čaka celotna izmena. Po telefonu ugotovljeno: varnostni senzor na vratih.
Zagozdena folija in zlomljen nož. Del imamo v zalogi, pošljemo ga takoj.
# event call_in in | Napaka na zaslonu
Izpisuje se opozorilo o tlaku. Po telefonu preverjena regulacija, filter je zamašen.
# event email_in in | Fotografije okvare
Poslali so tri fotografije in posnetek. Ležaj vodilnega valja je videti iztrošen.
# event call out | Pomoč po telefonu
Skupaj z upravljavcem preverjeni parametri. Nekdo je spremenil recepturo, povrnjene so stare vrednosti.
Težava rešena v desetih minutah, obisk ni potreben.
# event video_meeting out | Diagnostika na daljavo
Povezava na krmilnik, napaka je v dajalniku položaja. Del naročen, do takrat dela s polovičnim taktom.
# task - internal | Razporedi serviserja
Nujno: stroj stoji. Preveriti, kdo je najbližji, in sporočiti uro prihoda.
Poiskati prvi prosti termin, dele vzeti s seboj. Stroj: {product}.
# event email out | Potrditev termina servisa
Potrjeno: serviser pride ob 7. uri, stroj naj bo do takrat očiščen.
# event call_in in | Kdaj pride serviser
Sprašujejo po uri prihoda. Serviser je na poti, zamuja pol ure.
# event visit out | Nujni servis na terenu
Zamenjan pogonski jermen in očiščen senzor. Stroj teče, ustavitev je trajala štiri ure.
Okvaro je povzročila voda v pnevmatiki. Vgrajen ločilnik, priporočen sušilnik zraka.
# event email out | Servisno poročilo
Poslano poročilo z vzrokom, zamenjanimi deli in priporočilom. Garancijsko, brez računa.
# event call out | Klic po servisu
Stroj od servisa dela brez zastoja. Prosijo za en nož na zalogo.
# task - internal | Pripravi servisno poročilo
Vzrok, ukrep, deli, ure. Stranki poslati v dveh dneh.
# event complaint in | Reklamacija: netesni zvari
Trgovec je zavrnil paleto zaradi netesnih pakiranj. Zahtevajo obisk tehnologa še ta teden.
Pri nočni izmeni 3 % netesnih zvarov. Oni krivijo folijo, mi temperaturo.
# event complaint in | Reklamacija: odstopanje pri tehtanju
Odstopanje je 4 g, dovoljeno 1,5 g. Prosijo za umerjanje in zapisnik za inšpekcijo.
# event complaint in | Reklamacija: zamuda rezervnih delov
Del, obljubljen v petih dneh, ni prišel v desetih. Upravičeno so nezadovoljni.
# event complaint in | Reklamacija: okvara v garanciji
Odpovedal je grelnik, star štiri mesece. Menjava v garanciji, obisk je naš strošek.
# event complaint in | Reklamacija: slaba kakovost folije
Folija se trga pri višjem taktu, številko serije so sporočili. Zadržali so dve paleti.
# event complaint in | Reklamacija: napačen račun
Zaračunan je bil obisk v garanciji. Imajo prav, pripravimo dobropis.
# task - internal | Uredi reklamacijo
Odgovor stranki v 24 urah: kaj se je zgodilo, kaj delamo in do kdaj.
Preveriti številko serije in zahtevati izjavo dobavitelja.
# product_record complaint in | Reklamacija produkta: {product}
Napaka se ponavlja pri enem formatu. Vzrok še ni potrjen, stroj dela z nižjim taktom.
Reklamacija sprejeta, del zamenjan v garanciji.
# product_record complaint in RD-NOZ | Obraba noža pred rokom
Nož je zdržal tretjino predvidenih rezov. Vrnjen kos gre na analizo k dobavitelju.
# product_record complaint in FO-STR | Streč folija se trga
Trga se na vogalih palete, serija je znana. Nadomestna pošiljka je odposlana.
# event meeting out | Sestanek o ponavljajočih se zastojih
Skupaj pregledani zapisi zastojev. Štirje od petih nastanejo po menjavi folije; dogovorjen preizkus druge.
# event visit out | Zamenjava obrabnih delov
Zamenjani nož, čeljusti in tesnila. Naslednja menjava predvidoma čez 2.000 ur.
# event email_in in | Naročilo rezervnih delov
Naročajo nož, dve grelni letvi in komplet tesnil. Prosijo za odpremo še danes.
# event call_in in | Po telefonu naročajo rezervne dele
Potrebujejo jermen in dva senzorja. Kataloških številk nimajo, našli smo jih po seriji stroja.
# task - internal | Pošlji rezervne dele
Odpremiti danes do 15. ure, sledilno številko poslati stranki.
# task - internal | Naroči dele pri dobavitelju
V zalogi ni več grelnih letev, naročiti vsaj deset kosov.
# event visit_in in | Osebni prevzem rezervnih delov
Po dele so prišli sami, ker niso mogli čakati. Zanima jih tudi nova odlagalna miza.
# event email_in in | Naročilo folije
Naročajo štiri palete, dobava v dveh delih. Širina je tokrat 440 mm.
# event call_in in | Potrebujejo folijo do ponedeljka
Zaloga jim zadošča še za tri dni. Ena paleta je na voljo takoj, ostalo čez teden dni.
# quote - out FO-PE50 | Folija, letna količina
Letna pogodba z mesečnimi odpoklici, cena vezana na indeks granulata.
# product_record test in FO-RC | Preizkus nove folije na stroju
Nova folija teče pri 90 % takta. Za poln takt je potrebna zamenjava grelnika.
# event email out | Navodila za nastavitev zvara
Poslana tabela temperatur za tri folije. Naj jo obesijo ob stroj.
# event email_in in | Prosijo za dokumentacijo stroja
Zaradi presoje potrebujejo navodila in shemo v elektronski obliki.
# event email_in in | Prosijo za izjavo o skladnosti
Inšpekcija zahteva izjavo o skladnosti za stik z živili. Za novejši stroj jo imamo, za starejšega jo je treba poiskati v arhivu.
# event call_in in | Prosijo za šolanje novih delavcev
Dobili so štiri nove delavce, izkušenih skoraj ni več. Predlagan termin: sobota dopoldne.
# task - internal | Pripravi gradivo za šolanje
Dopolniti navodila s fotografijami njihovega stroja, en izvod za vsakega udeleženca.
# event visit out | Ponovno šolanje po menjavi osebja
Šolani štirje novi delavci, dva bosta učila ostale. Nastavitve so zaklenjene z geslom.
# event video_meeting out | Šolanje na daljavo
Ura in pol o recepturah in izvozu podatkov. Za ročne spretnosti bo treba priti v živo.
# event visit_in in | Šolanje vzdrževalcev pri nas
Dva vzdrževalca ves dan na montaži. Sami so zamenjali čeljusti in nastavili rez.
# quote - out ST-SOL | Šolanje upravljavcev na lokaciji
Dva dneva za dve skupini, z gradivom in potrdili.
# event call out | Opomnik za letni servis
Servis bi bil potreben ta mesec. Prosijo za termin v tednu, ko linija ne dela.
# event email_in in | Želeni termini vzdrževanja
Predlagajo dva termina, oba v času inventure. Zraven bosta tudi njihova vzdrževalca.
# event call out | Dogovor o terminu servisa
Dogovorjeno: ponedeljek ob 6. uri, pred začetkom izmene.
# event visit out | Prvi redni servis
Servis po 500 urah: zatezanje, mazanje, preverjen rez. Brez pripomb.
# event visit out | Letni servis
Zamenjani obrabni deli, umerjena tehtnica. Priporočena je zamenjava traku v pol leta.
Servis opravljen po seznamu. Stroj je vzdrževan zgledno, vpisano v poročilo.
# event call_in in | Pohvala za servis
Pohvalili so serviserja, ker je ostal do večera. Posredovano vodji servisa.
# event call out | Pogovor o vzdrževalni pogodbi
Pogodba se jim zdi smiselna, če vključuje dele. Prosijo za predlog za dve leti.
# product_record interest in ST-POG | Zanimanje za vzdrževalno pogodbo
Zanima jih pogodba z dvema obiskoma na leto in odzivom v 24 urah.
# quote - out ST-POG | Letna vzdrževalna pogodba
Dva preventivna obiska, odziv v 24 urah, 10 % popusta na dele.
Pogodba za vse stroje na lokaciji, obračun četrtletno.
# task - internal | Podaljšaj vzdrževalno pogodbo
Pogodba poteče čez mesec dni. Preveriti število obiskov in predlagati novo ceno.
# quote - out RD-KPL | Komplet obrabnih delov za eno leto
Nož, čeljusti, tesnila in jermen po paketni ceni.
# quote - out RD-GREL | Rezervni deli za zapiralko
Grelne letve in tesnila, dobava iz zaloge.
# task - internal | Preveri zalogo delov pri stranki
Primerjati seznam priporočenih delov z dejansko zalogo in predlagati dopolnitev.
# event visit out | Meritve porabe folije
Izmerjeno na treh formatih. Pri najmanjšem je mogoče skrajšati vrečko za 8 mm.
# event call_in in | Zanima jih nov format
Trgovec želi manjše pakiranje. Sprašujejo, ali sedanji stroj to zmore.
# event visit out | Nastavitev za nov format
Nov format nastavljen in shranjen kot receptura. Formatni deli so se prilegali brez popravkov.
# event email out | Obvestilo o novi različici programa
Nova različica prinaša izvoz podatkov. Namestitev je možna na daljavo, traja eno uro.
# event visit out | Nadgradnja programa na stroju
Program nadgrajen, recepture prenesene. Upravljavci opažajo hitrejši odziv zaslona.
# event email out | Anketa o zadovoljstvu
Poslana kratka anketa, pet vprašanj. Odgovore pregledamo skupaj s servisom.
# event invitation out | Vabilo na srečanje uporabnikov
Vabilo na srečanje uporabnikov v Celju, na programu so izkušnje treh kupcev.
# event invitation out | Vabilo na šolanje za vzdrževalce
Šolanje traja dva dni. Mest je deset, prednost imajo pogodbene stranke.
# event fair out | Sejem: srečanje z obstoječo stranko
Prišli so pozdravit in pohvalit stroj. Mimogrede omenijo, da dobijo novo halo.
# event visit out | Vljudnostni obisk ({town})
Brez posebnega razloga, s kavo. Povedali so za načrte za naslednje leto, več kot na vseh sestankih.
# event meeting out | Letni pregled sodelovanja
Pregledani zastoji, servis in poraba delov. Za prihodnje leto načrtujejo še en stroj.
Ocena sodelovanja je dobra, edina pripomba: odziv ob koncu tedna.
# event demonstration out | Predstavitev nadgradnje stroja
Nadgradnja prikazana na enakem stroju pri nas. Takt se dvigne za četrtino.
# product_record interest in NA-ZP12 | Zanimanje za nadgradnjo zapiralke
Radi bi večji takt brez nakupa novega stroja.
# product_record interest in NA-KRM | Zanimanje za nov krmilnik
Starega krmilnika ne izdelujejo več, bojijo se okvare.
# quote - out NA-ZP12 | Nadgradnja zapiralke ZP-12
Nov pogon, hitrejša zamenjava orodij in posodobljen zaslon. Ustavitev stroja: dva dni.
# quote - out NA-KRM | Nadgradnja krmilnika
Zamenjava krmilnika in zaslona s prenosom vseh receptur.
# quote - out ST-MON | Selitev in ponovni zagon linije
Razstavljanje, prevoz po dogovoru, ponovna montaža in zagon.
# quote - out TT-30 | Dodatni transportni trak TT-30
Trak dolžine 3 m z varovanjem in priklopom na obstoječo linijo.
# event call_in in | Razmišljajo o drugem stroju
Z obstoječim so zadovoljni, povečujejo obseg. Zanima jih enak stroj na drugi lokaciji.
# event enquiry in | Povpraševanje obstoječe stranke: {product}
Povpraševanje za razširitev linije. Radi bi enak krmilnik kot na sedanjem stroju.
Nov program zahteva še en stroj. Dobava do konca prihodnjega četrtletja.

== internal
# event internal_meeting internal | Tedenski sestanek prodaje
Pregled zamud in načrta tedna. Tri ponudbe potečejo v petek, razdeljeni klici.
Glavna tema: stranke brez stika več kot tri mesece. Vsak vzame pet.
# event internal_meeting internal | Pregled odprtih ponudb
Prešteto: odprtih 41, od tega 12 brez odziva. Najprej klici, nato popusti.
# event internal_meeting internal | Pregled reklamacij
Sedem odprtih, tri zaradi iste folije. Dobavitelj dobi rok do konca meseca.
# event internal_meeting internal | Načrt obiskov za prihodnji mesec
Obiski razporejeni po krajih, da ni praznih poti. Vzhod en teden, Primorska naslednji.
# event internal_meeting internal | Usklajevanje rokov s proizvodnjo
Montaža je zasedena naslednjih deset tednov. V ponudbah navajamo 14 tednov.
# event internal_meeting internal | Analiza izgubljenih poslov
Od devetih poslov so štirje padli zaradi počasnega odziva in ne zaradi cene.
# event internal_meeting internal | Priprava na sejem
Razstavimo dva stroja, dežurstva so razporejena. Kontakte vpisujemo isti večer.
# event internal_meeting internal | Predstavitev nove folije prodaji
Tehnologija je predstavila lastnosti in omejitve. Na starejše stroje je brez preizkusa ne ponujamo.
# task - internal | Posodobi cenik
Nove cene kupljenih delov vnesti do konca meseca. Stare ponudbe ostanejo po starem.
# task - internal | Pripravi mesečno poročilo prodaje
Naročila, odprte ponudbe, izgubljeni posli z razlogi. Ena stran.
# task - internal | Uredi razstavni prostor za sejem
Naročiti priključke, zrak in prevoz strojev. Površina je enaka kot lani.
# task - internal | Preveri neplačane račune
Vsak pokliče svoje stranke z zapadlimi računi, najprej prijazno.
# task - internal | Posodobi predstavitev podjetja
Dodati tri nove reference in zamenjati fotografije montaže.
# task - internal | Naroči promocijsko gradivo
Katalogi v treh jezikih, 200 izvodov. Brez datuma na naslovnici.
# task - internal | Preglej stranke brez stika
Seznam strank brez stika v zadnjem letu razdeliti med ekipo.
# task - internal | Pripravi načrt prodaje
Načrt po skupinah produktov in trgih, z dvema različicama.
# task - internal | Uredi podatke o strankah
Preveriti naslove, davčne številke in podvojene vnose.
# task - internal | Oddaj potne naloge
Oddati do petega v mesecu, z razlogom poti in imenom stranke.
# task - internal | Organiziraj dan odprtih vrat
Program, vabila, malica in razpored vodenj po proizvodnji.
# task - internal | Posodobi tehnične liste
Popraviti podatke o porabi zraka in dodati novo izvedbo zaslona.
""")
