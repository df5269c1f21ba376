"""The foreign companies of the demo, all invented: Austria, Germany, Croatia, Italy."""

from veriga.demo.content.reader import read_companies

COMPANIES = read_companies("""
== AT
Karnische Molkerei GmbH | Siebenhügelstraße 91 | 9020 Klagenfurt | dairy
Drautaler Backwaren GmbH | Ossiacher Zeile 48 | 9500 Villach | bakery | *
Lavanttaler Obsthof KG | Klagenfurter Straße 27 | 9400 Wolfsberg | fruit
Grazer Feinkost Lehner GmbH | Puchstraße 76 | 8020 Graz | ready_meals
Südsteirische Ölmühle Kernegg GmbH | Grazer Straße 112 | 8430 Leibnitz | oil | *
Murtal Papier und Karton GmbH | Hauptstraße 33 | 8720 Knittelfeld | paper
Wiener Teehaus Lindner GmbH | Simmeringer Hauptstraße 155 | 1110 Wien | coffee_tea | *
Donau Pharma Verpackung GmbH | Industriezeile 44 | 4020 Linz | pharma
Salzkristall Naturkosmetik GmbH | Vogelweiderstraße 60 | 5020 Salzburg | cosmetics
Tiroler Bergkäse Hofer OG | Innsbrucker Straße 18 | 6130 Schwaz | dairy | *
== DE
Isartal Feinkost GmbH | Landsberger Straße 310 | 80687 München | ready_meals
Fränkische Gewürzmühle Brandl GmbH | Würzburger Straße 142 | 90766 Fürth | honey_spices
Chiemgauer Käserei Aumühle GmbH & Co. KG | Äußere Münchener Straße 52 | 83026 Rosenheim | dairy | *
Nordlicht Tiefkühlkost GmbH | Stresemannstraße 268 | 22769 Hamburg | frozen
Neckartal Naturkosmetik GmbH | Ulmer Straße 91 | 70188 Stuttgart | cosmetics | *
Sächsische Teigwaren Böhme GmbH | Dresdner Straße 77 | 04317 Leipzig | pasta
Allgäuer Tiernahrung Wiesner GmbH | Memminger Straße 24 | 87439 Kempten | feed
Rheinlogistik Halden GmbH | Düsseldorfer Straße 189 | 47053 Duisburg | logistics | *
== HR
Zagorska mljekara d.o.o. | Frana Galovića 16 | 49000 Krapina | dairy
Međimurske bučine d.o.o. | Zagrebačka ulica 48 | 40000 Čakovec | oil | *
Varaždinski keksi d.o.o. | Optujska ulica 75 | 42000 Varaždin | confectionery
Sljeme začini d.o.o. | Slavonska avenija 52 | 10000 Zagreb | honey_spices
Velebit ljekarna d.o.o. | Radnička cesta 141 | 10000 Zagreb | pharma | *
Kvarnerska riba d.o.o. | Industrijska zona 8 | 51000 Rijeka | fish
Istarski tartuf Mirna d.o.o. | Trg slobode 11 | 52420 Buzet | ready_meals
Dalmatinska maslina j.d.o.o. | Ulica Domovinskog rata 90 | 21000 Split | oil | *
Slavonska šunka Dravica d.o.o. | Vukovarska cesta 218 | 31000 Osijek | meat
== IT
Caffè Carso S.r.l. | Via Flavia 112 | 34148 Trieste | coffee_tea
Salumificio Colline Isontine S.r.l. | Via Terza Armata 85 | 34170 Gorizia | meat | *
Pastificio Torre Friulana S.r.l. | Viale Palmanova 270 | 33100 Udine | pasta
Caseificio Valle Natisone S.n.c. | Via Europa 19 | 33043 Cividale del Friuli | dairy
Profumi della Laguna S.r.l. | Via Torino 63 | 30172 Mestre | cosmetics | *
Dolciaria Sant'Elena S.p.A. | Via Venezia 94 | 35129 Padova | confectionery
Riseria Adige Bianco S.r.l. | Via Verona 41 | 37063 Isola della Scala | mill
Logistica Pontebbana S.r.l. | Via Nazionale 56 | 33010 Tavagnacco | logistics | *
""")
