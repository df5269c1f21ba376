"""Slovenian lines: the quote and what it sets off, and negotiation."""

from veriga.demo.content.reader import read_lines

LINES = read_lines("""
== offer
# event call_in in | Prosijo za ponudbo
Tehnično je vse jasno, potrebujejo ponudbo z dobavnim rokom in pogoji plačila. Rok: konec tedna.
Ponudbo potrebujejo pred sejo uprave. Naj bodo ločeno navedeni stroj, montaža in šolanje.
# event email_in in | Pisna prošnja za ponudbo
Prosijo za ponudbo v dveh različicah, osnovni in razširjeni. Veljavnost najmanj 60 dni.
# event email_in in | Razpisni obrazci za ponudbo
Prejeti obrazci, izjave in vzorec pogodbe. Bančne garancije za resnost ponudbe ne zahtevajo.
# event enquiry in | Uradno povpraševanje za ponudbo
Povpraševanje s številko in popisom: {product}. Oddaja po e-pošti, odpiranje ni javno.
Zdaj je uradno: povpraševanje je prišlo iz nabave, s pogoji in obrazcem. Vprašanja sprejemajo do torka.
# task - internal | Pripravi izračun za ponudbo
Izračun po postavkah: stroj, formatni deli, trakovi, montaža, šolanje. Marža po ceniku.
Izračun naj zajame tudi prvi komplet rezervnih delov. Stroj: {product}.
# task - internal | Preveri dobavni rok s proizvodnjo
Vprašati, kdaj je prosto mesto v montaži in kaj ima najdaljšo dobavo.
# task - internal | Potrdi popust pri vodji
Stranka pričakuje popust. Do 3 % po ceniku, nad tem je potreben podpis.
# task - internal | Uskladi prevoz in montažo
Preveriti dostop s tovornjakom, dvigalo in število dni montaže.
# task - internal | Pridobi ceno poddobavitelja
Krmilnik in trakovi so kupljeni. Zahtevati pisno ceno z veljavnostjo 60 dni.
# task - internal | Preglej tehnične priloge ponudbe
Mere, priključki, takt pri posameznem formatu. Kar ni preizkušeno, naj bo tako tudi zapisano.
# event internal_meeting internal | Izračun cene in marža
Osnovna izvedba zdrži, pri razširjeni je marža prenizka. Formatni deli se obračunajo posebej.
# quote - out LP-20 | Linija za pakiranje LP-20
Osnovna izvedba z montažo in enim dnevom šolanja. Dobavni rok 10 tednov.
Ponudba za manjšo linijo, brez tehtnice. Formatni deli za dva formata so vključeni.
# quote - out LP-40 | Linija za pakiranje LP-40
Linija s transportnim trakom, montažo in šolanjem. Dobavni rok 14 tednov.
Celotna linija z začetnim kompletom rezervnih delov. Cena vključuje prevoz.
# quote - out LP-40 | Linija LP-40 v osnovni izvedbi
Izvedba brez dodatkov, ki jo je pozneje mogoče nadgraditi.
# quote - out LP-40 | Linija LP-40 z večglavno tehtnico
Linija s tehtnico VT-10 in dvižnim trakom. Skupni zagon obeh strojev.
# quote - out LP-60 | Linija za pakiranje LP-60
Hitra linija s samodejno menjavo formata. Prevzemni preizkus pri nas je v ceni.
Linija za tri formate, dva sta že izračunana. Dobavni rok 20 tednov.
# quote - out VP-15 | Vertikalni pakirni stroj VP-15
Stroj z oblikovalnikom za eno širino vrečke. Druga širina je navedena kot dodatek.
# quote - out ZP-12 | Zapiralka ZP-12
Zapiralka pladnjev z enim orodjem, drugo po želji. Dobavni rok 6 tednov.
Ponudba za eno zapiralko in komplet orodij za dva pladnja.
# quote - out ZP-20 | Dvoglava zapiralka ZP-20
Dvoglava izvedba za večje količine, s šolanjem na lokaciji.
# quote - out VT-10 | Večglavna tehtnica VT-10
Tehtnica z desetimi glavami in ogrodjem, priklop na obstoječi stroj.
# quote - out KT-6 | Kontrolna tehtnica KT-6 z izločanjem
Tehtnica z zračnim izločanjem in zapisom meritev po serijah.
# quote - out ET-5 | Etiketirka ET-5
Etiketiranje zgoraj in ob strani, tiskanje serije in roka uporabe.
# quote - out OV-8 | Ovijalka palet OV-8
Ovijalka s tehtnico in klančino, primerna za ročni viličar.
# quote - out PL-4 | Polnilnik tekočin PL-4
Štirimestni polnilnik za plastenke od 0,25 do 1 litra, brez zapiralnika.
# quote - out KZ-25 | Kartonirka KZ-25
Zlaganje in lepljenje kartonov, tri velikosti. Lepilna enota je vključena.
# quote - out TT-30 | Transportni trakovi za pakirnico
Trije trakovi z nastavljivo hitrostjo in prehodom pod 90 stopinj.
# quote - out | Ponudba: {product}
Ponudba po pogovoru in preizkusu, cena velja 30 dni.
Ponudba v dveh različicah, razlika je v stopnji avtomatizacije.
Ponudba po uradnem povpraševanju. Priloženi so tehnični list, postavitev in izjava o skladnosti.
# event email out | Spremno pismo k ponudbi
Ponudba poslana s kratkim pojasnilom izbire. Klic čez štiri dni.
V spremnem pismu so navedeni trije razlogi za to izvedbo in ena poštena omejitev.
# event email out | Prevod ponudbe za centralo
Poslan prevod ponudbe in tehničnih prilog. Cene so enake, plačilni pogoji po njihovem vzorcu.
# event visit out | Osebna predaja ponudbe
Ponudba predana osebno in predstavljena v pol ure. Takoj so vprašali po dobavnem roku.
# event meeting out | Predstavitev ponudbe
Predstavljena vsaka postavka. Šolanje se jim zdi drago, montaža ne. Odločajo v treh tednih.
# event video_meeting out | Skupni pregled ponudbe
Pregledana ponudba, tri postavke gredo med dodatke. Popravljeno pošljemo jutri.
# event email_in in | Potrjen prejem ponudbe
Ponudbo so prejeli in jo posredovali tehnični komisiji. Odgovor obljubljajo v 14 dneh.
# event call out | Odziv na ponudbo
Ponudba je na mizi direktorja, konkurenčna tudi. Po ceni smo drugi, po servisu prvi.
Ponudbe še niso pregledali, vodja proizvodnje je na dopustu. Ponovni klic v sredo.
S ponudbo so zadovoljni, prosijo za cenejšo izvedbo odlagalne mize.
# event call out | Kdaj bodo odločali o ponudbi
Odloča uprava na seji prihodnji teden. Prosijo za eno stran povzetka, brez tehnike.
Nabava čaka na tretjo ponudbo. Brez nje postopka ne smejo zaključiti.
# event call out | Opomnik pred iztekom ponudbe
Ponudba poteče čez pet dni. Prosijo za podaljšanje, ker odločajo šele konec meseca.
# event call_in in | Vprašanja o ponudbi
Sprašujejo, ali cena vključuje prevoz in zavarovanje. Odgovor: prevoz da, zavarovanje ne.
Tehnična komisija ima pet vprašanj, vsa o formatnih delih.
# event call_in in | V ponudbi manjka postavka
Pogrešajo odlagalno mizo, ki je bila dogovorjena ob ogledu. Imajo prav, ponudbo dopolnimo.
# event call_in in | Primerjajo tri ponudbe
Delajo primerjalno tabelo in prosijo za podatke o porabi zraka in energije.
# event email_in in | Vprašanje o garancijskih pogojih
Zanima jih, ali garancija velja tudi pri delu v treh izmenah in kaj šteje za obrabni del.
# event email_in in | Prosijo za krajši dobavni rok
Namesto 14 tednov bi jih sprejeli največ 10. Preveriti z montažo.
# event email_in in | Prosijo za podaljšanje veljavnosti
Odločitev se je zamaknila, prosijo za 30 dni podaljšanja po isti ceni.
# product_record objection in | Pomislek: cena
Cena je višja od konkurenčne za približno desetino. Poudariti je treba bližino servisa.
Pričakovali so manj. Sprejeli bi izvedbo brez odlagalne mize.
# product_record objection in | Pomislek: dobavni rok
Sezona se začne prej, kot lahko dobavimo. Predlagamo začasni najem stroja.
# product_record objection in | Pomislek: plačilni pogoji
Predplačilo 40 % je zanje preveč. Običajno plačujejo 60 dni po zagonu.
# product_record competitor_product in | Cenejša ponudba iz Azije
Cena je nižja za tretjino, vendar brez montaže, šolanja in delov v zalogi.
# product_record competitor_product in | Konkurenčna ponudba iz Italije
Italijanska ponudba je cenovno blizu, dobavni rok krajši. Servis ni opredeljen.
# task - internal | Popravi ponudbo po pripombah
Dodati odlagalno mizo, zapisati takt po formatih in popraviti dobavni rok.
# task - internal | Podaljšaj veljavnost ponudbe
Pred podaljšanjem preveriti cene kupljenih delov.

== negotiate
# event call_in in | Želijo nižjo ceno
Radi bi kupili pri nas, a cena presega njihovo mejo. Predlog: manj šolanja, krajša montaža.
Kličejo iz nabave: če spustimo 5 %, naročilo podpišejo ta teden.
# event call_in in | Konkurenca je znižala ceno
Drugi ponudnik je po naši predstavitvi spustil za 7 %. Odgovoriti je treba z vsebino, ne samo s ceno.
# event email_in in | Protipredlog stranke
Predlagajo: 4 % popusta, 30 % predplačila in tri leta garancije. Prvi dve točki sta sprejemljivi.
# event email_in in | Pripombe pravne službe
Pripombe k pogodbi: pogodbena kazen, pristojno sodišče in prehod lastništva. Pregledati mora pravnik.
# event email_in in | Zahteva po bančni garanciji
Za predplačilo zahtevajo bančno garancijo. Strošek je treba všteti v ceno.
# event call_in in | Odločitev je preložena za mesec dni
Uprava je sejo prestavila. Pravijo, da z nami ni povezano; še vedno smo prva izbira.
# event call_in in | Vprašanje o predstavitvenem stroju
Zanima jih, ali bi lahko po nižji ceni dobili stroj s sejma. Ima 300 ur, garancija bi bila polna.
# task - internal | Preveri najnižjo možno ceno
Koliko še gre in kaj zahtevamo v zameno: plačilni rok, referenco ali naročilo do konca meseca.
# task - internal | Uskladi pogodbo s pravnikom
Sporni členi so trije. Pogodbena kazen največ 5 % vrednosti.
# task - internal | Oceni vrednost starega stroja
Fotografije, leto izdelave in obratovalne ure. Odkup samo, če imamo zanj kupca.
# task - internal | Uredi garancijo z banko
Vzorec garancije uskladiti z banko, strošek sporočiti pred novo ponudbo.
# task - internal | Preveri možnost leasinga
Pridobiti informativni izračun za 48 in 60 mesecev.
# event internal_meeting internal | Posvet o popustu
Gremo največ do 4 %, v zameno za referenco in plačilo pred odpremo.
Pod to ceno ne gremo. Raje dodamo en dan šolanja in komplet rezervnih delov.
# event meeting out | Pogajanja o ceni
Dve uri, trije krogi. Končna vrzel je še 2 %, obe strani potrebujeta noč za premislek.
Nabava je trda, proizvodnja je na naši strani. Dogovorjeno: popust v obliki rezervnih delov.
# event meeting out | Pogajanja o plačilnih pogojih
Dogovor: 30 % ob naročilu, 60 % pred odpremo, 10 % po zagonu.
# event meeting out | Sestanek z nabavo in financami
Finance želijo plačilo v dveh letih, zato pride v poštev leasing. Ostalo je potrjeno.
# event meeting out | Usklajevanje pogodbe
Odprta sta še dva člena: prevzemni preizkus in odzivni čas servisa. Besedilo pripravimo mi.
# event video_meeting out | Pogajanja z matično družbo
Matična družba ima okvirno pogodbo z drugim dobaviteljem. Izjema je možna zaradi bližine servisa.
# event video_meeting out | Pregled pogodbenih določil
Pregledano besedilo, pet popravkov, nobeden ni usoden. Čistopis do ponedeljka.
# event visit out | Zadnji pogovor pred odločitvijo ({town})
Še enkrat čez tveganja in časovnico. Na koncu še vprašanje direktorja o leasingu.
# event visit out | Obisk z našim direktorjem
Pogovor med direktorjema je odprl vrata, ki jih nabava ni mogla. Odločitev bo ta mesec.
# event visit_in in | Pogajanja pri nas
Prišli so v Celje in najprej šli v montažo, šele nato za mizo. Razšli smo se z dogovorom o ceni.
# event call out | Pogovor o popustu
Ponujen popust 3 % ob podpisu do konca meseca. Prosijo za dan premisleka.
# event call out | Kdaj bo odločitev
Med dvema ponudnikoma izberejo v četrtek. Prosijo, da sta v petek dosegljiva tehnika in servis.
Še vedno brez datuma, čakajo na odobritev kredita.
# event call out | Klic direktorju pred odločitvijo
Edini zadržek je zagon v sezoni. Ponudili smo dežurstvo serviserja prva dva tedna.
# event call out | Preverjanje financiranja
Banka je kredit odobrila, črpanje je možno čez en mesec.
# event email out | Popravljeni pogoji
Poslani novi pogoji: krajši dobavni rok, enaka cena, tri leta garancije na pogonski del.
Potrjen popust in nova časovnica. Velja za: {product}.
# event email out | Osnutek pogodbe
Poslan osnutek pogodbe s tremi prilogami. Prosimo za pripombe do petka.
# event email out | Odgovor na pripombe k pogodbi
Sprejetih je šest od osmih pripomb. Pri pogodbeni kazni predlagamo zgornjo mejo.
# event email out | Pisna potrditev dogovora
Potrjen dogovor po telefonu: cena, rok, plačilo. Čakamo na naročilnico.
# quote - out | Prenovljena ponudba: {product}
Popravljeni dobavni rok in plačilni pogoji, cena nespremenjena.
Upoštevan dogovorjeni popust in izločene tri postavke.
# quote - out LP-40 | Linija LP-40 z odkupom starega stroja
Od cene linije je odšteta vrednost starega stroja. Odvoz uredimo mi.
# quote - out LP-40 | Linija LP-40 z leasingom
Enaka izvedba, mesečni obrok za 60 mesecev. Odkupna vrednost je simbolična.
# quote - out LP-60 | Linija LP-60 v dveh fazah
Prva faza linija, druga kartonirka. Cena druge faze velja dve leti.
# quote - out VP-15 | Stroj VP-15 s prvo zalogo folije
Stroj in dve paleti folije po paketni ceni.
# quote - out ZP-20 | Zapiralka ZP-20 s podaljšano garancijo
Tri leta garancije ob sklenjeni vzdrževalni pogodbi.
# product_record objection in | Pomislek: tveganje ob zamenjavi
Bojijo se izpada v tednu menjave. Predlagamo zagon med kolektivnim dopustom.
# product_record objection in | Pomislek: višina predplačila
Predplačila brez zavarovanja ne dajo. Rešitev je garancija ali nižji delež.
# product_record competitor_product in | Konkurenca obljublja krajši rok
Drugi ponudnik obljublja 8 tednov. V panogi vedo, da roka zadnjič ni držal.
# event email_in in | Obveščajo o odobritvi naložbe
Naložba je odobrena v celoti. Ostane še izbira med dvema ponudnikoma, v igri smo.
""")
