"""Slovenian lines: sales that are won, lost or given up."""

from veriga.demo.content.reader import read_lines

LINES = read_lines("""
== won
# event call_in in | Ustno potrjeno naročilo
Kličejo z novico: izbrani smo. Naročilnica pride v treh dneh.
Direktor potrjuje naročilo, prosi samo za zagon pred sezono.
# event email_in in | Naročilo prejeto
Prejeta naročilnica se ujema s ponudbo. Prosijo za potrditev in predračun.
Naročilo: {product}. Dobavni rok teče od plačila predplačila.
# event email_in in | Podpisana pogodba
Prejeta podpisana pogodba, izvirnik pride po pošti. Skrbnik pogodbe je vodja nabave.
# event call out | Zahvala za naročilo
Zahvala in dogovor, kdo je od zdaj sogovornik na obeh straneh.
# event email out | Potrditev naročila
Naročilo potrjeno z dobavnim rokom in časovnico. Priložen je predračun.
# event meeting out | Podpis pogodbe
Pogodba podpisana, ob tem še dogovor o fotografiranju za referenco.
# event visit out | Podpis pogodbe pri stranki ({town})
Podpis v njihovi sejni sobi, nato sprehod po pakirnici. Mesto za stroj je že izpraznjeno.
# event internal_meeting internal | Predaja posla projektni ekipi
Tehnika, servis in nabava imajo vse podatke. Odprto je samo vprašanje dviga v prvo nadstropje.
# task - internal | Odpri delovni nalog
Delovni nalog po naročilu, s prilogo o formatih. Rok montaže uskladiti s proizvodnjo.
# task - internal | Izstavi predračun
Predračun za predplačilo po pogodbi, rok plačila 8 dni.
# task - internal | Potrdi termin dobave
Termin potrditi pisno, z imenom voznika in zahtevami za razklad.
# event meeting out | Uvodni sestanek projekta
Potrjena časovnica, odgovorne osebe in poročanje vsak drugi petek.
# event email_in in | Predplačilo je nakazano
Sporočajo, da je predplačilo nakazano danes. Prosijo za potrditev dobavnega roka.
# event visit_in in | Prevzemni preizkus pri nas
Prevzem z njihovim izdelkom: takt dosežen, dve pripombi. Zapisnik podpisan pod pogojem, da ju odpravimo.
# product_record test in | Prevzemni preizkus uspešen
Dve uri brez ustavitve, izmet 0,4 %. Zapisnik sta podpisali obe strani.
# event call_in in | Potrjujejo termin montaže
Prostor bo prost od ponedeljka, električar je naročen. Viličar zagotovijo sami.
# event visit out | Predaja stroja v uporabo
Stroj predan, zapisnik podpisan. Prvi teden dežura naš serviser.
# product_record in_use in | Stroj v uporabi: {product}
V uporabi od predaje, garancija 24 mesecev.
Stroj dela, prvo serijo so že odpremili.

== lost
# event call_in in | Izbrali so drugega ponudnika
Odločila je cena, razlika je bila 9 %. Servis so ocenili kot enakovreden.
Izbrali so dobavitelja, s katerim že delajo. Za naslednjo linijo nas povabijo.
# event email_in in | Obvestilo o neizbiri
Uradno obvestilo: drugi po točkah. Odločil je dobavni rok.
# event email_in in | Naložbo so ustavili
Vodstvo je ustavilo vse naložbe do konca leta. Naša ponudba s tem zapade.
# event call_in in | Novo vodstvo je projekt črtalo
Nov direktor daje prednost prodaji, ne proizvodnji. Projekta ne bo.
# product_record competitor_product in | Kupili so konkurenčni stroj
Kupljen nemški stroj podobne zmogljivosti, dobava v desetih tednih.
# product_record competitor_product in | Odločili so se za rabljen stroj
Kupili so rabljen stroj iz stečaja. Brez podpore in delov, morda bodo še klicali.
# product_record objection in | Cena je ostala previsoka
Tudi po popustu je nad njihovim proračunom. Cenejše izvedbe nimamo.
# event call out | Zakaj posla nismo dobili
Odkrit pogovor: ponudba je prišla teden prepozno, takrat so se že odločili.
Cena je bila izgovor, odločilo je poznanstvo s konkurenco.
# event email out | Zahvala kljub zavrnitvi
Zahvala za korekten postopek in prošnja, da nas ohranijo na seznamu.
# event meeting out | Pogovor po izgubljenem poslu
Nabava je pokazala merila: pri tehniki smo bili prvi, pri ceni tretji.
# event visit out | Vljudnostni obisk po zavrnitvi
Odnos ostaja dober. Pri drugi pakirnici se čez leto dni odpira nova priložnost.
# task - internal | Zapiši razloge za izgubo
Komu, za koliko in zakaj. Največ pet stavkov, še ta teden.
# task - internal | Nastavi ponovni stik čez eno leto
Opomnik za klic, ko konkurenčnemu stroju poteče garancija.

== given_up
# event call out | Tretji klic brez odziva
Centrala sprejme sporočilo, nihče ne vrne klica. Še e-pošta, nato ustavimo.
# event call out | Številka ni več v uporabi
Številka ni v uporabi, na spletni strani nove ni.
# event email_in in | Samodejni odgovor: oseba ni več zaposlena
Sogovornik je podjetje zapustil, naslednik ni naveden.
# event email out | Zadnji poskus po e-pošti
Poslano kratko vprašanje: je projekt še živ, da ali ne? Brez odgovora v treh tednih ustavimo.
# event call out | Potrebe ni več
Izdelek so umaknili iz programa, stroja ne potrebujejo.
# event email_in in | Projekt ustavljen za nedoločen čas
Sporočajo, da je projekt v mirovanju. Novega datuma ni, naj ne kličemo.
# event call_in in | Proizvodnjo selijo v tujino
Pakiranje selijo v sestrsko družbo. Tam imajo svojo opremo.
# event visit out | Obisk: pakirnico zapirajo
Pakiranje oddajo zunanjemu izvajalcu. Dobili smo njegovo ime.
# product_record objection in | Pomislek: premalo dela za stroj
Stroj bi bil zaseden dva dni na mesec. Za te količine ga ne moremo pošteno priporočiti.
# event email out | Ustavljamo dejavnosti do nadaljnjega
Vljudno zaključeno: na voljo smo, ko se razmere spremenijo.
# event internal_meeting internal | Posvet: odnehamo ali nadaljujemo
Tri mesece brez premika in dve odpovedani srečanji. Ustavljamo, opomnik čez pol leta.
# task - internal | Odloči, ali nadaljujemo
Pregledati verigo: kdaj se je stranka nazadnje oglasila sama?
# task - internal | Arhiviraj ponudbo in dokumente
Označiti, zakaj ustavljamo, da naslednji ne začne od začetka.
""")
