"""First and last names by country, and what contacts do at their companies."""

from veriga.demo.content.types import ContactFunction, NameSet


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SLOVENIAN = NameSet(
    _names("""
    Alenka Aleksandra Anja Barbara Bojana Branka Darja Eva Helena Irena Jana Jasna
    Jožica Karmen Katarina Katja Klavdija Ksenija Lidija Lucija Magda Majda Manca
    Marija Marjeta Marta Martina Mateja Melita Metka Milena Mojca Monika Nada Neža
    Nika Nina Petra Polona Renata Romana Sabina Sara Silva Slavica Sonja Špela Štefka
    Suzana Tanja Tatjana Tina Tjaša Urška Vesna Vida Zala Zdenka Živa
    """),
    _names("""
    Aleš Aljaž Andrej Anton Bojan Boris Branko Damjan Danijel David Dejan Drago Dušan
    Edvard Franc Goran Igor Iztok Jaka Jan Janez Jernej Jure Jurij Klemen Leon Marjan
    Marko Martin Matija Matjaž Miha Milan Miran Miro Mitja Nejc Peter Primož Robert
    Roman Samo Sašo Sebastjan Silvo Simon Slavko Srečko Stane Stanko Štefan Tadej
    Tine Tomislav Uroš Valter Vid Viktor Vinko Vlado Zdravko Zoran Žiga
    """),
    _names("""
    Ambrožič Arko Babič Bajc Bergant Bevc Blatnik Bogataj Božič Bregar Bukovec Cerar
    Cvetko Čeh Černe Debeljak Dolenc Dolinar Dolinšek Drnovšek Erjavec Fajfar Ferjan
    Filipič Florjančič Furlan Gaber Gale Gorenc Gornik Gregorc Grilc Hočevar Horvat
    Hribernik Humar Hvala Intihar Ivančič Jamnik Jančar Janežič Javornik Jazbec Jelen
    Jeraj Jereb Jerman Jug Kastelic Kavčič Klančnik Klemenc Klinar Knez Kobal Kocjan
    Kolar Komar Koren Korošec Košir Kotnik Kralj Kramar Kranjc Krajnc Kuhar Kump
    Lah Lampe Lavrič Lebar Lešnik Lipovšek Logar Lovrec Majcen Marn Maček Medved
    Mihelič Mlinar Mohorič Mrak Mušič Novak Omerzel Oražem Osterc Pavlič Pavlin Pečnik
    Perko Pintar Pirc Pirnat Planinšek Podgornik Pogačar Potočnik Praprotnik Primožič
    Rajh Ramšak Ravnikar Rebernik Repnik Resnik Rihtar Rožič Rupnik Rutar Sever Sitar
    Skok Slak Smrekar Sotošek Stopar Strgar Sušnik Šinkovec Škof Škrlec Šmid Štrukelj
    Šuštar Tavčar Tomažič Tratnik Trček Tušek Ule Urbančič Urh Vidic Vodnik Vodopivec
    Volk Vovk Zadnik Zagar Zajc Zalar Založnik Zemljič Zorko Zver Žagar Železnik Žibert
    Žnidaršič Žontar Žunič
    """),
)

_GERMAN = NameSet(
    _names("""
    Andrea Anna Barbara Birgit Claudia Eva Gabriele Heike Ingrid Julia Karin Katharina
    Lena Martina Monika Sabine Sandra Silke Stefanie Susanne Ursula
    """),
    _names("""
    Andreas Bernd Christian Dieter Florian Georg Hannes Jürgen Karl Klaus Lukas Markus
    Matthias Michael Norbert Patrick Reinhard Stefan Thomas Tobias Wolfgang
    """),
    _names("""
    Aigner Bachmann Berger Brunner Dietrich Ebner Egger Fischer Fuchs Gruber Haas
    Hartmann Hoffmann Huber Kaufmann Keller Koller Krüger Lang Lehner Maier Moser
    Neumann Pichler Reiter Richter Sattler Schmid Schneider Schuster Steiner Vogel
    Wagner Weber Winkler Wolf Ziegler Zimmermann
    """),
)

_CROATIAN = NameSet(
    _names("""
    Ana Anita Biserka Danijela Dubravka Gordana Ivana Jelena Josipa Katarina Lana
    Maja Marija Marina Mirjana Nikolina Sanja Snježana Tihana Vesna Željka
    """),
    _names("""
    Ante Boris Damir Darko Dražen Goran Hrvoje Ivan Ivica Josip Krešimir Luka Mario
    Mislav Nikola Petar Robert Stjepan Tomislav Vedran Zvonimir
    """),
    _names("""
    Babić Barišić Blažević Božić Bukvić Cindrić Ćosić Dujmović Filipović Grgić
    Horvatić Ivanković Jurić Knežević Kovačić Lončar Lovrić Marić Marković Matić
    Novosel Pavić Perković Petrović Radić Šarić Šimić Tomić Vidović Vuković Vučić
    """),
)

_ITALIAN = NameSet(
    _names("""
    Alessandra Anna Barbara Chiara Cristina Daniela Elena Elisa Federica Francesca
    Giulia Laura Lucia Manuela Marta Michela Paola Roberta Sara Silvia Valentina
    """),
    _names("""
    Alberto Alessandro Andrea Antonio Carlo Claudio Davide Enrico Fabio Federico
    Francesco Giorgio Giovanni Lorenzo Luca Marco Massimo Matteo Paolo Roberto Stefano
    """),
    _names("""
    Barbieri Bassi Bianchi Bressan Bruni Carraro Cattaneo Colombo Conti Cossutta
    Esposito Fabbri Favaro Ferrari Fontana Furlanetto Galli Gallo Leone Marchetti
    Mariani Moretti Pellegrini Ricci Rinaldi Rizzo Romano Rossetti Serra Villa Zanetti
    """),
)

NAMES: dict[str, NameSet] = {
    "SI": _SLOVENIAN,
    "AT": _GERMAN,
    "DE": _GERMAN,
    "HR": _CROATIAN,
    "IT": _ITALIAN,
}

_FUNCTIONS: tuple[tuple[str, str, str], ...] = (
    # code, Slovenian, English
    ("director", "Direktor", "Director"),
    ("purchasing_manager", "Vodja nabave", "Purchasing manager"),
    ("production_manager", "Vodja proizvodnje", "Production manager"),
    ("sales_manager", "Vodja prodaje", "Sales manager"),
    ("technologist", "Tehnolog", "Technologist"),
    ("accounting", "Računovodstvo", "Accounting"),
)


def functions(language: str) -> tuple[ContactFunction, ...]:
    """Return the functions of contacts, named in the language."""
    return tuple(
        ContactFunction(code, slovenian if language == "sl" else english)
        for code, slovenian, english in _FUNCTIONS
    )


def function_name(code: str, language: str) -> str:
    """Return the name of one function; KeyError for an unknown code."""
    return {item.code: item.name for item in functions(language)}[code]
