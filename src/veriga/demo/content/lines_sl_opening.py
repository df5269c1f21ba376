"""Slovenian lines: first contact, and finding out what the customer needs.

Inside a phase the lines stand in their natural order: who picks rising positions
gets a story that makes sense.
"""

from veriga.demo.content.reader import read_lines

LINES = read_lines("""
== opening
# event enquiry in | Povpraševanje prek spletne strani
Prek spletnega obrazca sprašujejo po stroju za pakiranje. Količine so okvirne, rok ni naveden. Najprej klic, da razjasnimo izdelek in takt.
Kratko povpraševanje brez podatkov o izdelku, zanimata jih cena in dobavni rok.
V obrazcu je označeno: {product}. Prosijo za klic v dopoldanskem času.
# event enquiry in | Povpraševanje po e-pošti: {product}
Poslali so skico embalaže in letne količine. Ponudbo bi radi dobili v dveh tednih, odločajo pa se v naslednjem četrtletju.
V povpraševanju so navedene mere pakiranja in želeni takt 35 na minuto. Manjka podatek o foliji.
# event enquiry in | Povpraševanje za avtomatizacijo pakiranja
Pakirajo ročno, osem ljudi v dveh izmenah. Delavcev ne dobijo več, zato iščejo polavtomatsko ali avtomatsko rešitev.
Pakiranje je ozko grlo: proizvodnja zmore 30 % več, kot uspejo zapakirati. Prosijo za okvirno rešitev in ceno.
# event enquiry in | Povpraševanje za zamenjavo starega stroja
Stroj je star 18 let, rezervnih delov ni več. Zamenjali bi ga radi brez daljše ustavitve proizvodnje.
Iščejo zamenjavo za dotrajan stroj. Novi mora na isto mesto, prostora je 4 × 2 m.
# event enquiry in | Razpis za pakirno linijo
Prejeta je razpisna dokumentacija. Merila: cena 60 %, dobavni rok 20 %, servis 20 %. Rok za oddajo je čez tri tedne.
Vabilo k oddaji ponudbe, naložba je sofinancirana. Obvezne so tri reference iz iste panoge.
# event enquiry in | Povpraševanje prek projektanta
Povpraševanje je prišlo prek projektanta, ki pripravlja novo halo. S stranko se lahko pogovarjamo neposredno.
# event call_in in | Klic stranke: iščejo pakirni stroj
Kličejo iz proizvodnje. Uvajajo nov izdelek in zanj še nimajo stroja. Dogovorjeno: pošljejo vzorce, mi predlagamo rešitev.
Sprašujejo, ali delamo tudi stroje za manjše serije. Količina: približno 200.000 kosov na leto. Želijo obisk.
# event call_in in | Kličejo po priporočilu partnerja
Za nas so izvedeli pri partnerju, ki že tretje leto dela na naši liniji. Radi bi si jo ogledali v živo.
Priporočil nas je njihov dobavitelj embalaže. Ta teden imajo čas samo v petek.
# event call_in in | Članek v strokovni reviji
Prebrali so članek o naših strojih in želijo več podatkov. Posebej jih zanima menjava formata v desetih minutah.
# event call_in in | Nujno potrebujejo nadomestni stroj
Stroj jim je dokončno odpovedal, pakirajo ročno. Sprašujejo, ali imamo kaj na zalogi ali vsaj predstavitveni stroj za najem.
Dobavitelj jim je dobavo prestavil za pol leta. Iščejo rešitev, ki jo je mogoče postaviti v osmih tednih.
# event email_in in | Prosijo za katalog in okvirne cene
Prosijo za katalog in cenik. Cenika ne pošiljamo; odgovor: okvirna cena po klicu, ko poznamo izdelek.
Zbirajo podatke za naložbeni načrt, odločitev bo šele prihodnje leto. Okvirna cena jim zadošča.
# event email_in in | Odziv na objavo na družbenem omrežju
Odzvali so se na objavo o stroju ({product}). Sprašujejo, ali zmore tudi njihovo velikost pakiranja.
# event email_in in | Prosijo za predstavitev podjetja
Širijo krog dobaviteljev opreme. Prosijo za kratko predstavitev, reference in zadnjo bilanco.
# event chance_meeting in | Pogovor na dogodku zbornice
Po predavanju krajši pogovor z vodstvom. Načrtujejo širitev proizvodnje, pakiranje pride na vrsto prihodnje leto.
Pri kavi beseda nanese na pakiranje: izmeta imajo do 6 %. Dogovorjeno: pokličem naslednji teden.
# event chance_meeting in | Srečanje pri skupni stranki
Naključno srečanje na parkirišču pri skupni stranki. Pravijo, da njihova linija ne dohaja naročil. Številka je vpisana.
# event chance_meeting in | Pogovor na letališču
Skupno čakanje na zamujen let. Imajo dve stari liniji in novega lastnika, ki bo vlagal. Klic po vrnitvi.
# event chance_meeting in | Stari znanec v novem podjetju
Nekdanji vodja pakirnice pri naši stranki zdaj vodi proizvodnjo tukaj. Naše stroje pozna, vabi nas na ogled.
# event fair out | Pogovor na našem razstavnem prostoru
Prišli so trije: vodstvo, nabava in tehnologija. Najdlje so si ogledovali: {product}. Ponudba bo po ogledu na terenu.
Kratek pogovor v gneči. Pakirajo sezonsko, zunaj sezone stroj stoji. Pokličem takoj po sejmu.
# event fair out | Obisk njihovega prostora na sejmu
Na njihovem prostoru je bila samo komerciala. O strojih odloča proizvodnja; ime in telefon sta vpisana pri kontaktih.
# event fair out | Vizitka s sejma, brez dogovora
Vizitka je ostala na pultu, pogovora ni bilo. Na hrbtni strani piše: tehtanje, 500 g.
# event fair out | Ogled stroja na sejmu: {product}
Stroj so si prišli ogledat dvakrat, drugič z direktorjem. Vprašanja: poraba folije, čiščenje, menjava formata.
Stroj jih je prepričal, cena manj. Primerjajo z dvema ponudnikoma iz Italije.
# event fair out | Sejem embalaže, prvi stik
Pogovor na hitro, ker so hiteli na predavanje. Želijo podatke po e-pošti, nato klic.
# event call out | Prvi klic po sejmu
Sejma se spomnijo, prospekt imajo na mizi. Pogovore prevzame tehnologija, ime pošljejo.
Dogovorjeno: obisk čez dva tedna. Do takrat pripravijo podatke o količinah.
Zanimanje je resno, denarja letos ni. Ponovni klic, ko bo potrjen proračun.
# event call out | Hladni klic v nabavo
V nabavi so prijazni, a zadržani: dobavitelja že imajo. Predstavitev lahko pošljem.
Dovolj je bila minuta: pakiranje bodo prenavljali prihodnje leto, prej obisk nima smisla.
# event call out | Klic po priporočilu obstoječe stranke
Ob omembi skupnega znanca se pogovor hitro odpre. Imajo stroj konkurence, s servisom niso zadovoljni.
# event call out | Kdo pri njih odloča o opremi
O opremi odločata vodja proizvodnje in direktor, nabava samo zbere tri ponudbe. Prvi sogovornik je torej proizvodnja.
# event call out | Klic po prejetem povpraševanju
Razjasnjeno: dve gramaturi, trije formati, takt vsaj 30 na minuto. Folijo že imajo.
Povpraševanje so poslali petim ponudnikom. Pomembna jim je bližina servisa, tu imamo prednost.
# event call out | Klic nekdanji stranki
Zadnji stroj so pri nas kupili pred devetimi leti in še dela. Razmišljajo o drugem, za nov program.
# event call out | Klic zaradi nove proizvodne hale
Gradnja teče, pod streho bodo čez tri mesece. Opremo predlaga projektant, njegov kontakt pošljejo.
# event email out | Predstavitveno pismo
Poslano: predstavitev podjetja, dve referenci iz panoge in posnetek linije. Klic čez en teden.
Kratko pismo s ponudbo brezplačnega ogleda pakirnice. Brez prilog, da ne konča med neželeno pošto.
# event email out | Katalog in reference
Poslana sta katalog in seznam referenc. Za njihove količine pride v poštev: {product}.
# event email out | Zahvala za obisk na sejmu
Zahvala, prospekt in fotografija stroja, ki so si ga ogledali. Predlagana sta dva termina za obisk.
# event email out | Odgovor na povpraševanje
Prejem potrjen, poslanih pet vprašanj: izdelek, gramatura, folija, takt, prostor.
Okvirna cena je v odgovoru, natančna bo po ogledu. Predlagan termin: naslednji četrtek.
# event email out | Povzetek prvega pogovora
Poslan povzetek: kaj pakirajo, koliko, na čem in kaj jih moti. Popravke sporočijo do konca tedna.
# event invitation out | Vabilo na dan odprtih vrat
Vabilo poslano po e-pošti, direktorju še papirno. V delovanju bo na ogled: {product}.
Vabilo na dan odprtih vrat v Celju. Pridejo, če ne bo inventure; število oseb še sporočijo.
# event invitation out | Vabilo na naš razstavni prostor
Poslani sta dve brezplačni vstopnici in načrt dvorane. Termin za pogovor: drugi dan ob 11. uri.
# event invitation out | Vabilo na delavnico o reciklabilni embalaži
Tema jih zanima zaradi zahtev trgovcev. Udeležbo potrdijo do petka.
# event invitation out | Vabilo na ogled linije v delovanju
Ogled pri stranki, ki obiske dovoli ob četrtkih. Čakamo na odgovor.
# event visit out | Spoznavni obisk ({town})
Predstavitev podjetja in ogled pakirnice. Dve ročni pakirni mizi, en star stroj, veliko prekladanja. Priložnost je, ne mudi pa se.
Sprejem pri direktorju, nato skozi proizvodnjo. Najprej bi rešili tehtanje, pakiranje pozneje.
Odprti so za predloge. Naslednji korak: pošljejo podatke o izdelkih in letnih količinah.
# event visit out | Kratek obisk mimogrede
Na poti z drugega obiska oddan katalog. V proizvodnji so si vzeli deset minut in predlagali obisk z več časa.
# event visit out | Prvi obisk po sejmu
Zanimanje s sejma se potrdi. V pakirnici že dva meseca merijo zastoje, podatke nam pošljejo.
# event visit_in in | Oglasili so se brez napovedi
Bili so v bližini in prosili za ogled. Videli so montažo in stroj v preizkusu.
# event visit_in in | Udeležba na dnevu odprtih vrat
Prišla sta dva in ostala do konca. Največ vprašanj o menjavi formata in čiščenju.
Prišli so štirje, tudi direktor. Na stroju so preizkusili svoj izdelek, ki so ga prinesli s seboj.
# event meeting out | Spoznavni sestanek
Mi smo predstavili program, oni načrt vlaganj za tri leta. Pakiranje je v drugem letu, priprave se začnejo že zdaj.
# event video_meeting out | Kratek uvodni videoklic
Pol ure prek spleta. Pakirnico so pokazali s telefonom, ozko grlo je jasno: ročno zlaganje v kartone.
# product_record interest in | Zanimanje: {product}
Zanima jih zaradi večjega takta, nakup nameravajo v enem letu.
Zanimanje izraženo ob prvem pogovoru. Količine in formati še niso znani.
Zanimanje potrjeno, pogoj je menjava formata brez orodja.
# product_record competitor_product in | Obstoječi stroj: italijanska znamka
Stroj je star šest let. Servis pride iz Italije, nanj čakajo tudi tri tedne.
# product_record competitor_product in | Obstoječi stroj: rabljen, brez podpore
Kupljen rabljen, navodil v njihovem jeziku ni. Vzdrževalec dele išče po spletu.
# task - internal | Preveri boniteto stranke
Pred prvim obiskom preveriti boniteto in lastništvo.
Zadnja bilanca, blokade računa, lastniki. Ugotovitve vpisati k stranki.
# task - internal | Poišči pravo kontaktno osebo
S splošnega naslova ne odgovarjajo. Poiskati vodjo proizvodnje ali tehnologa.
# task - internal | Pošlji katalog in posnetek stroja
Katalog, reference iz iste panoge in posnetek: {product}.
# task - internal | Pripravi predstavitev za prvi obisk
Največ deset prosojnic: podjetje, tri reference, servis. Brez cen.
# task - internal | Vnesi kontakte s sejma
Vnesti vizitke in ob vsaki dopisati, kaj koga zanima. Najprej tisti, ki čakajo na klic.
# task - internal | Dogovori termin prvega obiska
Predlagati dva termina, po možnosti dopoldne, ko linija dela.

== qualify
# event call out | Podatki o količinah in formatih
Štirje formati, dva pomenita 80 % količine. Menjava trikrat na izmeno, zdaj traja 40 minut.
Količine niso dokončne. Za izračun vzamemo 1,2 milijona pakiranj na leto v eni izmeni.
# event call out | Preverjanje potreb po telefonu
Najbolj jih boli izmet, takt je drugotnega pomena. Prosijo za ogled in predlog.
Potreba je resnična, časovni okvir pa ohlapen. Proračun bo znan ob potrditvi letnega načrta.
Glavna težava niso stroji, ampak ljudje: na pakiranju se nihče ne obdrži dlje kot pol leta.
# event call out | Klic tehnologu glede izdelka
Izdelek je občutljiv na vlago, zvar mora biti res tesen. Folijo bi radi obdržali sedanjo.
Temperatura izdelka ob polnjenju je do 35 °C. Treba bo preveriti, kako se obnaša folija.
# event call out | Kakšen proračun imajo v mislih
Številke ne povejo, omenijo pa prejšnjo naložbo podobne velikosti. Naša osnovna izvedba sodi v ta okvir.
Za letos imajo odobren okvirni znesek. Če ga presežemo, gre odločitev na nadzorni svet.
# event call out | Klic zaradi manjkajočih podatkov
Še ne. Tehnologija je bila na dopustu, pošljejo v ponedeljek.
Podatki so zbrani, čakajo samo še na podpis direktorja.
# event call_in in | Količine bodo večje od napovedanih
Dobili so novega kupca, količine se povečajo za tretjino. Prvotni predlog je premajhen, računati je treba z večjim taktom.
Kličejo iz nabave: za trg EU pride še en format. Prosijo, da ga upoštevamo že zdaj.
# event call_in in | Zanima jih najem namesto nakupa
Predlagajo najem za eno leto z možnostjo odkupa. Odgovor po posvetu z vodstvom.
# event call_in in | Zanimajo jih reference v panogi
Radi bi poklicali dva naša kupca iz panoge. Pred posredovanjem številk je treba vprašati oba.
# event call_in in | Imajo novega vodjo proizvodnje
Sogovornik se je zamenjal, novi stroje že pozna iz prejšnje službe. Začeti je treba skoraj na začetku.
# event call_in in | Projekt je dobil zeleno luč
Vodstvo je projekt uvrstilo v letni načrt. Zdaj potrebujejo tehnični predlog in časovnico.
# event email_in in | Poslani podatki o izdelkih
Prejeta preglednica z 12 izdelki. Pri dveh manjkajo mere, za prvo oceno pa zadošča.
Podatki so popolni: gramature, mere, letne količine in fotografije. Lahko začnemo računati.
# event email_in in | Prejet tloris pakirnice
Tloris je v merilu, steber stoji točno na sredini. Linija gre v črko L ali pa ob steno.
# event email_in in | Tehnične zahteve stranke
Zahtevajo nerjavno izvedbo, zaščito IP65 in zapisovanje parametrov za vsako serijo.
Dvanajst strani zahtev, večino izpolnimo v osnovni izvedbi. Odprti sta dve: hrup in zaslon v njihovem jeziku.
# event email_in in | Vprašanja vzdrževalcev
Sprašujejo po znamki krmilnika, porabi zraka in dobavljivosti delov. Odgovore pripravi tehnologija.
# event email out | Vprašalnik o izdelku in embalaži
Poslan vprašalnik na dveh straneh. Brez teh podatkov ponudba nima smisla, to je v spremnem besedilu jasno povedano.
# event email out | Opomnik za manjkajoče podatke
Prijazen opomnik: manjkata višina izdelka in vrsta folije. Rok: petek.
# event email out | Primerjava dveh možnih rešitev
Poslana primerjava: polavtomat z enim delavcem ali linija brez njega. Razlika v ceni se povrne v dveh letih in pol.
# event email out | Tehnični list: {product}
Poslan tehnični list z merami in priključki. Cena v tej fazi namenoma ni navedena.
# event visit out | Ogled proizvodnje
Ogled celotne poti izdelka od polnjenja do skladišča. Največja izguba časa je pri ročnem etiketiranju.
Stroj stoji 20 % časa, največkrat zaradi slabo navite folije. Predlog: najprej folija, nato stroj.
Proizvodnja je urejena, pakirnica ne. Ekipa je naklonjena spremembi, to je dobro znamenje.
# event visit out | Meritve prostora za stroj
Izmerjeno: 6,2 × 3,1 m, višina 2,9 m. Vrata so široka 1,4 m, stroj gre noter samo razstavljen.
Nosilnost tal zadošča, dovod zraka je 12 m stran. Skico pripravi tehnologija.
# event visit out | Obisk s tehnologom ({town})
Tehnolog potrjuje izvedljivost, če znižamo višino nasipa. Pogoj: preizkus z njihovim izdelkom.
Skupaj pregledani vsi formati. Eden ni primeren za strojno pakiranje, stranka je to sprejela.
# event visit out | Snemanje obstoječega pakiranja
Posneta ena ura dela na liniji. Dejanski takt je 17, ne 25, kot mislijo v pisarni.
# event visit out | Ogled popoldanske izmene
Popoldne je manj ljudi in več zastojev. Vodja izmene nujno potrebuje enostavnejšo menjavo formata.
# event visit_in in | Ogled naše montaže
Videli so tri stroje v različnih fazah. Kakovost izdelave jih je prepričala, zdaj želijo številke.
# event visit_in in | Prinesli so svoje izdelke
Prinesli so pet izdelkov v sedanji embalaži. Za preizkus jih puščajo pri nas.
# event meeting out | Sestanek z vodstvom proizvodnje
Določene so prednosti: 1. izmet, 2. menjava formata, 3. takt. Po teh merilih nas bodo ocenjevali.
Proizvodnja je za, vzdrževanje proti še enemu tipu stroja. Treba bo pokazati, da je servis blizu.
# event meeting out | Sestanek z nabavo
Postopek: tri ponudbe, tehnična ocena, pogajanja z dvema najboljšima. Odločitev predvidoma v treh mesecih.
# event meeting out | Usklajevanje zahtev po oddelkih
Za mizo proizvodnja, kakovost, vzdrževanje in nabava. Zahteve so prvič zbrane na enem listu, podpisane pošljejo.
# event video_meeting out | Videosestanek o tehničnih zahtevah
Pregledana vsaka zahteva posebej, odprte so še tri. Zapisnik z nosilci in roki pošljemo jutri.
# event video_meeting out | Videosestanek z njihovo centralo
Centrala mora potrditi dobavitelja. Zahtevajo presojo in izpolnjen vprašalnik o trajnosti.
# event enquiry in | Dodatno povpraševanje: {product}
Poleg osnovnega projekta jih zanima še to. Količine so manjše, rok ni določen.
# event fair out | Drugi pogovor na sejmu
Dogovor s prejšnjega pogovora drži, projekt je živ. Tokrat so pripeljali še nabavo.
# event invitation out | Vabilo na ogled pri referenčni stranki
Ogled je možen prihodnji teden. Prevoz organiziramo mi, iz njihovega podjetja gredo trije.
# event internal_meeting internal | Posvet: je projekt za nas
Tehnično izvedljivo, proizvodnja ima prostor čez štiri mesece. Nadaljujemo.
Izdelek je na meji našega programa. Najprej preizkus, šele potem ponudba.
# product_record interest in | Zanimanje za večji takt
Sedanji stroj zmore 18 na minuto, potrebujejo vsaj 35.
Povečanje naročil pričakujejo v pol leta, takrat bi stroj že morali imeti.
# product_record interest in FO-RC | Zanimanje za reciklabilno folijo
Trgovska veriga od njih zahteva embalažo iz enega materiala. Zanimata jih cena in obnašanje na stroju.
# product_record objection in | Pomislek: premalo prostora
Menijo, da linija v sedanjo pakirnico ne gre. Pripraviti je treba postavitev v črko L.
# product_record objection in | Pomislek: premajhne serije
Bojijo se, da se pri majhnih serijah naložba ne povrne. Odgovor: izračun s časom menjave formata.
# product_record objection in | Pomislek: nimajo vzdrževalca
Nimajo lastnega vzdrževalca. Predlagamo vzdrževalno pogodbo z odzivnim časom 24 ur.
# product_record competitor_product in | Konkurenca že pripravlja ponudbo
Pri njih je bil že drug ponudnik, ponudbo pričakujejo ta mesec.
# product_record competitor_product in | Obstoječi stroj: nemška znamka
Zelo dober stroj, a predrag za vzdrževanje. Za vsak servis plačajo pot iz Nemčije.
# task - internal | Uredi zapisnik obiska
Zapisnik z odprtimi vprašanji poslati stranki v dveh dneh, dokler je pogovor svež.
# task - internal | Preveri izvedljivost s tehnologom
Preveriti mere, temperaturo izdelka in vrsto folije. Odgovor: da, ne ali s pogojem.
Vprašanje za tehnologijo: ali gre ta izdelek na stroj ({product})?
# task - internal | Vriši postavitev v tloris
Upoštevati steber, vrata in pot viličarja. Dovolj je skica s kotami.
# task - internal | Izračunaj zmogljivost linije
Izračunati takt pri vseh formatih in upoštevati čas menjave.
# task - internal | Pridobi podatke o foliji
Od dobavitelja pridobiti tehnični list folije in temperaturo zvara.
# task - internal | Preveri priključke in porabo zraka
Elektrika, zrak, odsesavanje. Preveriti, ali njihov kompresor zadošča.
# task - internal | Zberi reference v panogi
Tri reference z imenom osebe, ki jo stranka lahko pokliče. Pred tem dobiti soglasje.
""")
