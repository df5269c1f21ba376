"""The Slovenian companies of the demo, all invented; the first is the story's."""

from veriga.demo.content.reader import read_companies

COMPANIES = read_companies("""
== SI
Alpina Pak d.o.o. | Savska cesta 34 | 4000 Kranj | contract_packing | *
Mlekarna Storžič d.o.o. | Cesta na Okroglo 9 | 4202 Naklo | dairy
Čajnica Rožmarinka d.o.o. | Pipanova cesta 41 | 4208 Šenčur | coffee_tea
Pekarna Pri starem mlinu d.o.o. | Breg 12 | 4205 Preddvor | bakery | *
Kozmetika Encijanka d.o.o. | Kidričeva cesta 66 | 4220 Škofja Loka | cosmetics
Sirarna Ratitovška d.o.o. | Češnjica 48 | 4228 Železniki | dairy
Tiskarna Loški list d.o.o. | Kapucinski trg 11 | 4220 Škofja Loka | printing | *
Medičarstvo Bohinjska čebela, Neža Arh s.p. | Triglavska cesta 23 | 4264 Bohinjska Bistrica | honey_spices
Plastika Dobrča d.o.o. | Alpska cesta 58 | 4248 Lesce | plastics
Lekarniški program Jelovica d.o.o. | Gorenjska cesta 27 | 4240 Radovljica | pharma | *
Hladilnica Karavanke d.o.o. | Cesta železarjev 19 | 4270 Jesenice | logistics
Zeliščarna Begunjščica d.o.o. | Begunje 84 | 4275 Begunje na Gorenjskem | coffee_tea
Suha roba Tržiška d.o.o. | Cesta na Loko 5 | 4290 Tržič | household | *
Mesnine Krvavec d.o.o. | Slovenska cesta 37 | 4207 Cerklje na Gorenjskem | meat
Logistika Brnik Plus d.o.o. | Zgornji Brnik 130 | 4210 Brnik - Aerodrom | logistics | *
Kmetija Pr' Matjonu, Blaž Jenko s.p. | Žabnica 15 | 4209 Žabnica | farm
Krompirjeva hiša d.o.o. | Praprotna Polica 8 | 4207 Cerklje na Gorenjskem | vegetables
Kovinski drobiž d.o.o. | Kropa 92 | 4245 Kropa | metal | *
Smučarska oprema Vitranc d.o.o. | Borovška cesta 71 | 4280 Kranjska Gora | sport
Obutveni tekstil Žiri d.o.o. | Industrijska ulica 6 | 4226 Žiri | textile
Sokovi Poljanska dolina d.o.o. | Gorenja Dobrava 17 | 4224 Gorenja vas | drinks | *
Domača žganjarna Trata d.o.o. | Poljane 63 | 4223 Poljane nad Škofjo Loko | spirits
Žitni mlin Blejska zaka d.o.o. | Seliška cesta 14 | 4260 Bled | mill
Elektro sklopi Sava d.o.o. | Ljubljanska cesta 24 | 4000 Kranj | electronics | *
Živilski center Planina d.o.o. | Škofjeloška cesta 18 | 4000 Kranj | wholesale
Gumitehnika Labore d.o.o. | Savska loka 7 | 4000 Kranj | plastics
Lesni izdelki Stol d.o.o. | Selo pri Žirovnici 22 | 4274 Žirovnica | wood | *
Papirna galanterija Križe d.o.o. | Cesta Kokrškega odreda 9 | 4294 Križe | paper
Pražarna Bela kava d.o.o. | Šmartinska cesta 152 | 1000 Ljubljana | coffee_tea
Farmalin d.o.o. | Letališka cesta 33 | 1000 Ljubljana | pharma | *
Prehranska dopolnila Vitanek d.o.o. | Tehnološki park 19 | 1000 Ljubljana | supplements
Ljubljanska testeninarna d.o.o. | Leskoškova cesta 12 | 1000 Ljubljana | pasta
Začimbarna Emonka d.o.o. | Cesta v Gorice 36 | 1000 Ljubljana | honey_spices
Kozmetični laboratorij Lilija d.o.o. | Tržaška cesta 215 | 1000 Ljubljana | cosmetics | *
Veletrgovina Barje d.o.o. | Cesta v Mestni log 88 | 1000 Ljubljana | wholesale
Pivovarna Trnovski zmaj d.o.o. | Riharjeva ulica 4 | 1000 Ljubljana | beer | *
Slaščičarna Tri kavke d.o.o. | Dolenjska cesta 112 | 1000 Ljubljana | confectionery
Zdrava skleda d.o.o. | Brnčičeva ulica 25 | 1231 Ljubljana - Črnuče | ready_meals | *
Tiskarna Črna vrana d.o.o. | Brnčičeva ulica 41 | 1231 Ljubljana - Črnuče | printing
Kemija Zalog d.o.o. | Zaloška cesta 269 | 1260 Ljubljana - Polje | chemistry
Distribucija Kašelj d.o.o. | Agrokombinatska cesta 61 | 1260 Ljubljana - Polje | logistics | *
Medicinski pripomočki Šentvid d.o.o. | Celovška cesta 477 | 1210 Ljubljana - Šentvid | medical
Sladoledarna Pingo d.o.o. | Litijska cesta 148 | 1000 Ljubljana | frozen
Pekarna Zlati klas Domžale d.o.o. | Ljubljanska cesta 110 | 1230 Domžale | bakery
Lepila Rodica d.o.o. | Breznikova cesta 15 | 1230 Domžale | chemistry | *
Kartonska embalaža Homec d.o.o. | Papirniška cesta 3 | 1230 Domžale | paper
Barvica d.o.o. | Preserska cesta 10 | 1235 Radomlje | chemistry
Biotehna Mengeš d.o.o. | Grobeljska cesta 31 | 1234 Mengeš | pharma | *
Trzinska elektronika Mikron d.o.o. | Blatnica 14 | 1236 Trzin | electronics
Dietna prehrana Mandelj d.o.o. | Motnica 9 | 1236 Trzin | supplements | *
Konjički vrt d.o.o. | Glavarjeva cesta 55 | 1218 Komenda | vegetables
Poslovna darila Komenda d.o.o. | Pod hribom I. cesta 7 | 1218 Komenda | wholesale
Kamniška omaka d.o.o. | Kovinarska cesta 24 | 1240 Kamnik | ready_meals | *
Svečarstvo Mali grad d.o.o. | Usnjarska cesta 8 | 1240 Kamnik | household
Planinski čaj Velika planina d.o.o. | Stahovica 31 | 1242 Stahovica | coffee_tea
Mesnica Moravska d.o.o. | Vegova ulica 13 | 1251 Moravče | meat | *
Čebelarski dom Lukovec d.o.o. | Stara cesta 21 | 1225 Lukovica | honey_spices
Medvoška papirnica d.o.o. | Goričane 26 | 1215 Medvode | paper
Ribogojnica Sorica d.o.o. | Ladja 10 | 1215 Medvode | fish | *
Pletilnica Litijanka d.o.o. | Ponoviška cesta 16 | 1270 Litija | textile
Predilni program Gradec d.o.o. | Jerebova ulica 14 | 1270 Litija | textile | *
Zasavski kruhek d.o.o. | Cesta zmage 28 | 1410 Zagorje ob Savi | bakery
Steklarna Izlake d.o.o. | Izlake 9 | 1411 Izlake | glass
Metalna Trbovlje Sever d.o.o. | Gabrsko 30 | 1420 Trbovlje | metal | *
Kemična Hrastna d.o.o. | Cesta 1. maja 33 | 1430 Hrastnik | chemistry
Klobasarna Krpan d.o.o. | Adamičeva cesta 52 | 1290 Grosuplje | meat
Grosupeljske embalažne rešitve d.o.o. | Industrijska cesta 1g | 1290 Grosuplje | plastics
Kisla repa, Ana Zrnec s.p. | Zagradec 27 | 1303 Zagradec | vegetables | *
Žita Ivančna d.o.o. | Ljubljanska cesta 36 | 1295 Ivančna Gorica | mill
Krmila Stična d.o.o. | Šentvid 114 | 1296 Šentvid pri Stični | feed
Suhorobar Ribnica d.o.o. | Kolodvorska ulica 23 | 1310 Ribnica | household | *
Lesni peleti Velika gora d.o.o. | Lepovče 12 | 1310 Ribnica | wood
Kočevski gozdni sadeži d.o.o. | Reška cesta 25 | 1330 Kočevje | frozen
Kočevske smole d.o.o. | Tomšičeva cesta 40 | 1330 Kočevje | chemistry | *
Gobarska zadruga Rog z.o.o. | Trg zbora odposlancev 8 | 1330 Kočevje | vegetables
Sodraška lesna galanterija d.o.o. | Cesta Notranjskega odreda 11 | 1317 Sodražica | wood
Sirarna Bloška d.o.o. | Fara 4 | 1385 Nova vas | dairy | *
Jezerska riba Cerknica d.o.o. | Cesta 4. maja 51 | 1380 Cerknica | fish
Rakov mlin d.o.o. | Partizanska cesta 19 | 1381 Rakek | mill
Papir Loška dolina d.o.o. | Cesta 19. oktobra 17 | 1386 Stari trg pri Ložu | paper | *
Logaške dobrote d.o.o. | Tovarniška cesta 15 | 1370 Logatec | bakery
Kartonaža Sekirica d.o.o. | Tržaška cesta 60 | 1370 Logatec | paper
Vrhniška usnjena d.o.o. | Tržaška cesta 31 | 1360 Vrhnika | textile | *
Gradiva Ligojna d.o.o. | Opekarska cesta 18 | 1360 Vrhnika | building
Čista desetka d.o.o. | Podpeška cesta 92 | 1351 Brezovica pri Ljubljani | cleaning
Vrtnarija Horjulka d.o.o. | Ljubgojna 6 | 1354 Horjul | seeds | *
Borovničar d.o.o. | Paplerjeva ulica 13 | 1353 Borovnica | frozen
Savinjska mlekarna Lipa d.o.o. | Teharska cesta 42 | 3000 Celje | dairy
Grofija Čokolade d.o.o. | Kidričeva ulica 25 | 3000 Celje | confectionery
Celjski barvni center d.o.o. | Cesta v Trnovlje 13 | 3000 Celje | chemistry | *
Knežji kruh d.o.o. | Mariborska cesta 128 | 3000 Celje | bakery
Lekarna Aeskulap Celje d.o.o. | Ipavčeva ulica 20 | 3000 Celje | pharma
Opečni izdelki Ljubečna d.o.o. | Kocbekova cesta 32 | 3202 Ljubečna | building | *
Dobrniška kozmetika Rosa d.o.o. | Dobrna 18 | 3204 Dobrna | cosmetics
Vitanjska zelišča d.o.o. | Grajski trg 7 | 3205 Vitanje | coffee_tea
Konjiška klet Trebnik d.o.o. | Oplotniška cesta 9 | 3210 Slovenske Konjice | wine | *
Kovinar Dravinja d.o.o. | Tovarniška cesta 4 | 3210 Slovenske Konjice | metal
Pohorska skuta d.o.o. | Cesta na Roglo 22 | 3214 Zreče | dairy
Kovaški izdelki Rogla d.o.o. | Obrtniška cesta 6 | 3214 Zreče | metal | *
Vojniška perutnina d.o.o. | Keršova ulica 16 | 3212 Vojnik | poultry
Livarna Šentvid Celje d.o.o. | Železarska cesta 5 | 3220 Štore | metal
Sadni vrt Ipavec d.o.o. | Ulica skladateljev Ipavcev 33 | 3230 Šentjur | fruit | *
Drobtinica Šentjur d.o.o. | Ljubljanska cesta 14 | 3230 Šentjur | bakery
Bohorska jabolka d.o.o. | Ponikva 61 | 3232 Ponikva | fruit
Medena hiša Sladka Gora d.o.o. | Rogaška cesta 30 | 3240 Šmarje pri Jelšah | honey_spices | *
Slatinski vrelec d.o.o. | Celjska cesta 11 | 3250 Rogaška Slatina | drinks
Kristal steklo Rogatec d.o.o. | Steklarska ulica 2 | 3252 Rogatec | glass
Sotelska klet d.o.o. | Škofja Gora 9 | 3254 Podčetrtek | wine | *
Sotelska čokoladnica d.o.o. | Zdraviliška cesta 15 | 3254 Podčetrtek | confectionery
Kozjanski sad d.o.o. | Kozje 44 | 3260 Kozje | fruit
Laška sladarna d.o.o. | Trubarjevo nabrežje 12 | 3270 Laško | beer | *
Rimska voda d.o.o. | Aškerčeva cesta 8 | 3272 Rimske Toplice | drinks
Hmeljišča Zelena dolina d.o.o. | Ulica Žalskega tabora 3 | 3310 Žalec | farm
Gotovlje Vrtnine d.o.o. | Gotovlje 87 | 3310 Žalec | vegetables | *
Semenarstvo Savinjčan d.o.o. | Hmeljarska ulica 6 | 3310 Žalec | seeds
Petrovška jajca d.o.o. | Dobriša vas 21 | 3301 Petrovče | poultry
Izolacije Šempeter d.o.o. | Rimska cesta 96 | 3311 Šempeter v Savinjski dolini | building
Preboldske tkanine d.o.o. | Tovarniška cesta 8 | 3312 Prebold | textile | *
Kartonska hiša Polzela d.o.o. | Polzela 174 | 3313 Polzela | paper
Nogavičar d.o.o. | Ločica ob Savinji 40 | 3313 Polzela | textile
Žovneško mleko d.o.o. | Braslovče 23 | 3314 Braslovče | dairy | *
Vranska žaga d.o.o. | Vransko 59 | 3305 Vransko | wood
Šaleški sirček d.o.o. | Koroška cesta 62 | 3320 Velenje | dairy
Plastilna d.o.o. | Selo 20a | 3320 Velenje | plastics | *
Gospodinjski dom Velenje d.o.o. | Partizanska cesta 12 | 3320 Velenje | household
Usnjarska Šoštanj d.o.o. | Primorska cesta 6 | 3325 Šoštanj | textile
Paška mesnica d.o.o. | Šmartno ob Paki 108 | 3327 Šmartno ob Paki | meat | *
Gornjesavinjski želodec d.o.o. | Savinjska cesta 31 | 3330 Mozirje | meat
Nazarska galanterija d.o.o. | Lesarska cesta 10 | 3331 Nazarje | household
Rečiški zeliščni vrt d.o.o. | Rečica ob Savinji 55 | 3332 Rečica ob Savinji | cosmetics | *
Ljubenske flosarske dobrote d.o.o. | Cesta v Rastke 9 | 3333 Ljubno ob Savinji | confectionery
Solčavska volna, Urša Klemenšek s.p. | Solčava 29 | 3335 Solčava | textile
Menina sirarna d.o.o. | Attemsov trg 14 | 3342 Gornji Grad | dairy | *
Štajerska oljarna Dravca d.o.o. | Ptujska cesta 184 | 2000 Maribor | oil
Kozmetika Piramida d.o.o. | Tržaška cesta 65 | 2000 Maribor | cosmetics
Vinoteka Stara trta d.o.o. | Vojašniška ulica 8 | 2000 Maribor | wine | *
Pohorje Pellet d.o.o. | Limbuška cesta 42 | 2000 Maribor | wood
Pekarna Košaki d.o.o. | Šentiljska cesta 37 | 2000 Maribor | bakery
Dravski list tiskarna d.o.o. | Tržaška cesta 14 | 2000 Maribor | printing | *
Zdravila Ribniško d.o.o. | Zagrebška cesta 76 | 2000 Maribor | pharma
Avtodeli Tezno Pro d.o.o. | Perhavčeva ulica 21 | 2000 Maribor | automotive
Zelena zadruga Dravsko polje z.o.o. | Kidričeva ulica 40 | 2204 Miklavž na Dravskem polju | vegetables | *
Starška perutnina d.o.o. | Starše 71 | 2205 Starše | poultry
Šentiljski mlin d.o.o. | Maistrova ulica 7 | 2212 Šentilj v Slovenskih goricah | mill
Agroslog d.o.o. | Industrijska ulica 24 | 2230 Lenart v Slovenskih goricah | feed | *
Mesarija Slovenskogoriška d.o.o. | Ptujska cesta 18 | 2230 Lenart v Slovenskih goricah | meat
Ptujska klet Haloze d.o.o. | Vinarski trg 5 | 2250 Ptuj | wine
Perutninska farma Grajena d.o.o. | Ormoška cesta 44 | 2250 Ptuj | poultry
Kurentova bučna semena d.o.o. | Rogozniška cesta 19 | 2250 Ptuj | oil | *
Ptujski lük, Marija Horvat s.p. | Dornava 102 | 2252 Dornava | farm
Markovska vrtnina d.o.o. | Zabovci 33 | 2281 Markovci | vegetables
Haloški zaklad d.o.o. | Videm pri Ptuju 42 | 2284 Videm pri Ptuju | fruit | *
Ormoška sladkarija d.o.o. | Hardek 34 | 2270 Ormož | confectionery
Prleška gibanica d.o.o. | Ptujska cesta 12 | 2270 Ormož | frozen
Središče Oljarna d.o.o. | Slovenska cesta 20 | 2277 Središče ob Dravi | oil | *
Bistriška livarna d.o.o. | Kolodvorska ulica 35 | 2310 Slovenska Bistrica | metal
Pohorka živila d.o.o. | Zgornja Polskava 120 | 2314 Zgornja Polskava | ready_meals | *
Hoški logistični center d.o.o. | Miklavška cesta 53 | 2311 Hoče | logistics
Oplotniški granit d.o.o. | Goriška cesta 12 | 2317 Oplotnica | building
Boč zelišča d.o.o. | Bistriška cesta 46 | 2319 Poljčane | coffee_tea | *
Semena Grajski vrt d.o.o. | Grajski trg 4 | 2327 Rače | seeds
Ruška kemija Nova d.o.o. | Tovarniška cesta 30 | 2342 Ruše | chemistry | *
Sadjarstvo Selniško d.o.o. | Mariborska cesta 27 | 2352 Selnica ob Dravi | fruit
Koroška zadružna mlekarna z.o.o. | Mariborska cesta 41 | 2360 Radlje ob Dravi | dairy
Mutska kovačija d.o.o. | Glavni trg 18 | 2366 Muta | metal | *
Dravograjska predelava d.o.o. | Otiški Vrh 25 | 2373 Šentjanž pri Dravogradu | plastics
Koroški rženi kruh d.o.o. | Francetova cesta 9 | 2380 Slovenj Gradec | bakery
Mislinjska jabolka d.o.o. | Celjska cesta 102 | 2380 Slovenj Gradec | fruit | *
Ravenska orodja Peca d.o.o. | Koroška cesta 14 | 2390 Ravne na Koroškem | metal
Prevaljska žaga d.o.o. | Trg 39 | 2391 Prevalje | wood
Mežiški elektro sklopi d.o.o. | Polena 8 | 2392 Mežica | electronics | *
Goriška pražarna Soča d.o.o. | Industrijska cesta 5 | 5000 Nova Gorica | coffee_tea
Vrtnica Kozmetika d.o.o. | Vojkova cesta 49 | 5000 Nova Gorica | cosmetics | *
Solkanska pekarna d.o.o. | Cesta IX. korpusa 58 | 5250 Solkan | bakery
Briška češnja z.o.o. | Zadružna cesta 11 | 5212 Dobrovo v Brdih | fruit
Vinska klet Medana Nova d.o.o. | Medana 38 | 5212 Dobrovo v Brdih | wine
Kanalska gradiva d.o.o. | Anhovo 7 | 5210 Deskle | building | *
Tolminske sirne dobrote d.o.o. | Poljubinj 14 | 5220 Tolmin | dairy
Ribja pot Soča d.o.o. | Volčanska cesta 21 | 5220 Tolmin | fish
Kobariški štruklji d.o.o. | Gregorčičeva ulica 10 | 5222 Kobarid | frozen | *
Bovški sir Mangart, Jaka Kravanja s.p. | Trg golobarskih žrtev 25 | 5230 Bovec | dairy
Burja Testenine d.o.o. | Tovarniška cesta 20 | 5270 Ajdovščina | pasta
Vipavski nektar d.o.o. | Goriška cesta 66 | 5270 Ajdovščina | drinks | *
Ajdovska ploščarna d.o.o. | Mirce 17 | 5270 Ajdovščina | wood
Klet Zemono d.o.o. | Vinarska cesta 8 | 5271 Vipava | wine
Nanoški pršut d.o.o. | Podnanos 51 | 5272 Podnanos | meat | *
Žlikrofarna Idrijca d.o.o. | Vojkova ulica 18 | 5280 Idrija | frozen
Idrijski elektro sklopi d.o.o. | Vodnikova ulica 9 | 5280 Idrija | electronics
Cerkljansko kislo mleko d.o.o. | Platiševa ulica 30 | 5282 Cerkno | dairy | *
Goriško pohištvo Miren d.o.o. | Miren 124 | 5291 Miren | wood
Opekarna Renški breg d.o.o. | Merljaki 15 | 5292 Renče | building
Spodnjevipavska zadruga z.o.o. | Branik 77 | 5295 Branik | wine | *
Vrtojbenska zelenjava d.o.o. | Ulica 9. septembra 134 | 5290 Šempeter pri Gorici | vegetables
Avtosvetila Vrtojba d.o.o. | Vrtojbenska cesta 62 | 5290 Šempeter pri Gorici | automotive
Istrska oljka d.o.o. | Ankaranska cesta 7 | 6000 Koper | oil | *
Luška distribucija Bonifika d.o.o. | Ferrarska ulica 14 | 6000 Koper | logistics
Sveže testenine Istra d.o.o. | Šmarska cesta 5 | 6000 Koper | pasta
Dekanska konzerva d.o.o. | Dekani 31 | 6271 Dekani | fish | *
Izolska sardela d.o.o. | Tomažičeva ulica 22 | 6310 Izola | fish | *
Solinarska kozmetika d.o.o. | Obala 55 | 6320 Portorož | cosmetics
Obalne začimbe Seča d.o.o. | Seča 115 | 6320 Portorož | honey_spices
Sečoveljske vrtnine d.o.o. | Parecag 84 | 6333 Sečovlje | vegetables | *
Kraška klet Teran d.o.o. | Sejmiška pot 3 | 6210 Sežana | wine
Pršutarna Burja d.o.o. | Partizanska cesta 74 | 6210 Sežana | meat
Lipiška sivka, Katja Škerlj s.p. | Kraška ulica 12 | 6215 Divača | cosmetics | *
Komenska sirarna d.o.o. | Komen 86 | 6223 Komen | dairy
Kraški med Štanjel d.o.o. | Štanjel 20 | 6222 Štanjel | honey_spices
Postojnska pekarna d.o.o. | Tržaška cesta 43 | 6230 Postojna | bakery | *
Jamska voda d.o.o. | Industrijska cesta 11 | 6230 Postojna | drinks
Snežnik les Plus d.o.o. | Bazoviška cesta 38 | 6250 Ilirska Bistrica | wood | *
Brkinska slivovka d.o.o. | Jelšane 47 | 6254 Jelšane | spirits
Kozinski logistični park d.o.o. | Reška cesta 14 | 6240 Kozina | logistics
Dolenjska mlečna hiša d.o.o. | Kandijska cesta 60 | 8000 Novo mesto | dairy
Lek in dom d.o.o. | Podbevškova ulica 15 | 8000 Novo mesto | pharma | *
Gorjanske dobrote d.o.o. | Ljubljanska cesta 27 | 8000 Novo mesto | ready_meals
Cviček klet Trška gora d.o.o. | Trška Gora 50 | 8000 Novo mesto | wine | *
Avtodeli Rog d.o.o. | Belokranjska cesta 13 | 8000 Novo mesto | automotive
Šentjernejski petelin d.o.o. | Trubarjeva cesta 8 | 8310 Šentjernej | poultry
Iskrica Upori d.o.o. | Prvomajska cesta 11 | 8310 Šentjernej | electronics | *
Kostanjeviška destilarna d.o.o. | Ljubljanska cesta 5 | 8311 Kostanjevica na Krki | spirits
Straška žaga d.o.o. | Na žago 6 | 8351 Straža | wood
Toplice Kozmetika Vita d.o.o. | Zdraviliški trg 9 | 8350 Dolenjske Toplice | cosmetics | *
Žužemberška pletarna d.o.o. | Grajski trg 30 | 8360 Žužemberk | household
Trebanjska zelenjava d.o.o. | Obrtniška ulica 22 | 8210 Trebnje | vegetables
Bivalne enote Temenica d.o.o. | Gubčeva cesta 34 | 8210 Trebnje | building | *
Mirnska sokovnica d.o.o. | Cesta na Fužine 3 | 8233 Mirna | drinks
Mokronoške klobase d.o.o. | Stara cesta 17 | 8230 Mokronog | meat
Sevniška salamarna d.o.o. | Savska cesta 20 | 8290 Sevnica | meat | *
Blanška jabolka d.o.o. | Blanca 44 | 8283 Blanca | fruit
Papirna hiša Libna d.o.o. | Tovarniška ulica 18 | 8270 Krško | paper | *
Krška žganjekuha, Peter Kerin s.p. | Leskovška cesta 12 | 8273 Leskovec pri Krškem | spirits
Senovska konfekcija d.o.o. | Titova cesta 48 | 8281 Senovo | textile | *
Brežiška tovarna testenin d.o.o. | Tovarniška cesta 10 | 8250 Brežice | pasta
Posavska embalaža d.o.o. | Dečno selo 24 | 8253 Artiče | plastics
Čateška zelenjava d.o.o. | Topliška cesta 29 | 8251 Čatež ob Savi | vegetables | *
Dobovska žitnica d.o.o. | Ulica bratov Gerjovičev 40 | 8257 Dobova | mill
Krompir s polja d.o.o. | Krška vas 19 | 8262 Krška vas | vegetables
Metliška klet Belokranjec d.o.o. | Cesta XV. brigade 3 | 8330 Metlika | wine | *
Belokranjska pogača d.o.o. | Naselje Borisa Kidriča 9 | 8330 Metlika | bakery
Semiški elektro deli d.o.o. | Vrtača 4 | 8333 Semič | electronics
Črnomaljski brezov sok d.o.o. | Belokranjska cesta 38 | 8340 Črnomelj | drinks | *
Plastika Kolpski breg d.o.o. | Železničarska cesta 16 | 8340 Črnomelj | plastics
Prekmurska šunka Rakičan d.o.o. | Noršinska ulica 21 | 9000 Murska Sobota | meat
Pomurska žitna hiša d.o.o. | Industrijska ulica 8 | 9000 Murska Sobota | mill | *
Živila Ob Muri d.o.o. | Lendavska ulica 57 | 9000 Murska Sobota | ready_meals
Panonska olja d.o.o. | Plese 12 | 9000 Murska Sobota | oil
Cvetlični vrt Dobrovnik d.o.o. | Dobrovnik 115 | 9223 Dobrovnik | farm | *
Puconska bučna hiša d.o.o. | Puconci 88 | 9201 Puconci | oil
Goričko zelišča d.o.o. | Grad 172 | 9264 Grad | coffee_tea
Lendavska kemija d.o.o. | Kolodvorska ulica 40 | 9220 Lendava | chemistry | *
Lendavske gorice klet d.o.o. | Dolga vas 61 | 9220 Lendava | wine
Beltinska kaša d.o.o. | Ravenska cesta 25 | 9231 Beltinci | mill
Turniška obutev d.o.o. | Štefana Kovača ulica 73 | 9224 Turnišče | textile | *
Moravska termalna kozmetika d.o.o. | Kranjčeva ulica 10 | 9226 Moravske Toplice | cosmetics
Kmečka jajca Odranci, Matej Maučec s.p. | Mladinska ulica 18 | 9233 Odranci | poultry
Ljutomerska ledenica d.o.o. | Ormoška cesta 22 | 9240 Ljutomer | frozen | *
Prleška tünka d.o.o. | Glavni trg 6 | 9240 Ljutomer | meat
Križevska mleta moka d.o.o. | Križevci 35 | 9242 Križevci pri Ljutomeru | mill
Radgonski mehurčki d.o.o. | Jurkovičeva ulica 5 | 9250 Gornja Radgona | wine
Radgonski hladilni sistemi d.o.o. | Ljutomerska cesta 30 | 9250 Gornja Radgona | electronics | *
Tri vrelci Radenci d.o.o. | Zdraviliško naselje 14 | 9252 Radenci | drinks
Apaška farma d.o.o. | Apače 62 | 9253 Apače | feed | *
Šavrinska kuhinja d.o.o. | Šmarje 13 | 6274 Šmarje | ready_meals
Notranjska hrana za pse d.o.o. | Kolodvorska ulica 7 | 6258 Prestranek | feed | *
Pekarna Pri treh lipah, Andreja Rupnik s.p. | Dobrova 40 | 1356 Dobrova | bakery
""")
