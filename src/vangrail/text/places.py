"""Names that tell a postcode with a municipality from a number before a word, and a street from another word.

The municipalities of Flanders (as merged on 1 January 2025, with the names that letters still use, and many of their parts), the Brussels
Region and the larger towns of Wallonia. What is not listed is not found: an address is "may contain", with its recall stated
in the docs.
"""

MUNICIPALITIES = frozenset(
    name.strip()
    for name in """
    Aalst,Aalter,Aarschot,Aartselaar,Affligem,Alken,Alveringem,Antwerpen,Anzegem,Ardooie,Arendonk,As,Asse,Assenede,
    Avelgem,Baarle-Hertog,Balen,Beernem,Beerse,Beersel,Begijnendijk,Bekkevoort,Berchem,Beringen,Berlaar,Berlare,Bertem,
    Bever,Beveren,Bierbeek,Bilzen,Blankenberge,Bocholt,Boechout,Bonheiden,Boom,Boortmeerbeek,Borgerhout,Borgloon,
    Bornem,Borsbeek,Boutersem,Brakel,Brasschaat,Brecht,Bredene,Bree,Brugge,Buggenhout,Damme,De Haan,De Panne,De Pinte,
    Deerlijk,Deinze,Denderleeuw,Dendermonde,Dentergem,Dessel,Destelbergen,Deurne,Diegem,Diepenbeek,Diest,Diksmuide,
    Dilbeek,Dilsen-Stokkem,Drongen,Drogenbos,Duffel,Edegem,Eeklo,Ekeren,Erpe-Mere,Essen,Evergem,Galmaarden,Gavere,Geel,
    Geetbets,Genk,Gent,Gentbrugge,Geraardsbergen,Gingelom,Gistel,Glabbeek,Gooik,Grimbergen,Grobbendonk,Haacht,Haaltert,
    Halen,Halle,Ham,Hamme,Hamont-Achel,Harelbeke,Hasselt,Hechtel-Eksel,Heers,Heist-op-den-Berg,Hemiksem,Herent,Herentals,
    Herenthout,Herk-de-Stad,Herne,Herselt,Herstappe,Herzele,Heusden-Zolder,Heuvelland,Heverlee,Hoboken,Hoegaarden,
    Hoeilaart,Hoeselt,Holsbeek,Hooglede,Hoogstraten,Horebeke,Houthalen-Helchteren,Houthulst,Hove,Huldenberg,Hulshout,
    Ichtegem,Ieper,Ingelmunster,Izegem,Jabbeke,Kalmthout,Kampenhout,Kapellen,Kapelle-op-den-Bos,Kaprijke,Kasterlee,
    Keerbergen,Kessel-Lo,Kinrooi,Kluisbergen,Knesselare,Knokke-Heist,Koekelare,Koksijde,Kontich,Kortemark,Kortenaken,
    Kortenberg,Kortessem,Kortrijk,Kraainem,Kruibeke,Kruisem,Kuurne,Laakdal,Laarne,Lanaken,Landen,Langemark-Poelkapelle,
    Lebbeke,Lede,Ledeberg,Ledegem,Lendelede,Lennik,Leopoldsburg,Leuven,Lichtervelde,Liedekerke,Lier,Lierde,Lievegem,Lille,
    Linkebeek,Lint,Linter,Lochristi,Lokeren,Lommel,Londerzeel,Lo-Reninge,Lovendegem,Lubbeek,Lummen,Maarkedal,Maaseik,
    Maasmechelen,Machelen,Maldegem,Malle,Mariakerke,Mechelen,Meerhout,Meise,Melle,Menen,Merchtem,Merelbeke,
    Merelbeke-Melle,Merksem,Merksplas,Mesen,Meulebeke,Middelkerke,Moerbeke,Mol,Moorslede,Mortsel,Nazareth,Neerpelt,Nevele,
    Niel,Nieuwerkerken,Nieuwpoort,Nijlen,Ninove,Olen,Oostende,Oosterzele,Oostkamp,Oostrozebeke,Opglabbeek,Opwijk,
    Oudenaarde,Oudenburg,Oud-Heverlee,Oud-Turnhout,Overijse,Overpelt,Pajottegem,Peer,Pelt,Pepingen,Pittem,Poperinge,Putte,
    Puurs,Puurs-Sint-Amands,Ranst,Ravels,Retie,Riemst,Rijkevorsel,Roeselare,Ronse,Roosdaal,Rotselaar,Ruiselede,Rumst,
    Schelle,Scherpenheuvel-Zichem,Schilde,Schoten,Sint-Amandsberg,Sint-Andries,Sint-Denijs-Westrem,Sint-Genesius-Rode,
    Sint-Gillis-Waas,Sint-Katelijne-Waver,Sint-Laureins,Sint-Lievens-Houtem,Sint-Martens-Latem,Sint-Michiels,Sint-Niklaas,
    Sint-Pieters-Leeuw,Sint-Truiden,Sint-Stevens-Woluwe,Spiere-Helkijn,Stabroek,Staden,Steenokkerzeel,Stekene,Sterrebeek,
    Temse,Ternat,Tervuren,Tessenderlo,Tielt,Tielt-Winge,Tienen,Tongeren,Tongeren-Borgloon,Torhout,Tremelo,Turnhout,Veurne,
    Vilvoorde,Vleteren,Voeren,Vorselaar,Vosselaar,Waarschoot,Waasmunster,Wachtebeke,Waregem,Wellen,Wemmel,Wervik,Westerlo,
    Wetteren,Wevelgem,Wezembeek-Oppem,Wichelen,Wielsbeke,Wijnegem,Willebroek,Wilrijk,Wingene,Wilsele,Wommelgem,
    Wortegem-Petegem,Wuustwezel,Zandhoven,Zaventem,Zedelgem,Zele,Zelzate,Zemst,Zingem,Zoersel,Zomergem,Zonhoven,Zonnebeke,
    Zottegem,Zoutleeuw,Zuienkerke,Zulte,Zutendaal,Zwalm,Zwevegem,Zwijndrecht,Zwijnaarde,
    Anderlecht,Brussel,Bruxelles,Elsene,Etterbeek,Evere,Ganshoren,Jette,Koekelberg,Laken,Molenbeek,Oudergem,Schaarbeek,
    Sint-Agatha-Berchem,Sint-Gillis,Sint-Jans-Molenbeek,Sint-Joost-ten-Node,Sint-Lambrechts-Woluwe,Sint-Pieters-Woluwe,
    Ukkel,Vorst,Watermaal-Bosvoorde,Ixelles,Uccle,Schaerbeek,Forest,
    Aaigem,Aalbeke,Adegem,Afsnee,Alsemberg,Appels,Appelterre,Assebroek,Attenrode,Baasrode,Bachte-Maria-Leerne,Balegem,Bambrugge,
    Belsele,Bellem,Beerlegem,Berg,Bissegem,Blanden,Boekhoute,Booischot,Borsbeke,Boortmeerbeek,Buizingen,Daknam,De Klinge,Denderhoutem,
    Denderwindeke,Doel,Dudzele,Eine,Eksaarde,Elewijt,Elversele,Emblem,Erembodegem,Erondegem,Erps-Kwerps,Ertvelde,Essene,Everberg,Gellik,
    Gijzegem,Gijzenzele,Goeferdinge,Gontrode,Grammene,Grembergen,Grimminge,Groot-Bijgaarden,Haasdonk,Haasrode,Handzame,Hansbeke,Heist,
    Heikruis,Hekelgem,Heestert,Heffen,Heule,Heusden,Hever,Hillegem,Hofstade,Hombeek,Houtvenne,Huizingen,Humbeek,Impe,Itegem,Kalken,Kallo,
    Kanegem,Kemzeke,Kieldrecht,Knokke,Koolkerke,Kooigem,Korbeek-Lo,Kuringen,Landegem,Landskouter,Lauwe,Leest,Lembeek,Lembeke,Leupegem,
    Liezele,Linden,Lissewege,Lot,Loppem,Lovenjoel,Malderen,Marke,Massemen,Mater,Mazenzele,Mere,Melsele,Melsbroek,Mendonk,Merendree,
    Meensel-Kiezegem,Moerbeke-Waas,Moerkerke,Moorsel,Moorsele,Moortsele,Muizen,Mulem,Munkzwalm,Neder-Over-Heembeek,Neigem,Nederboelare,
    Nederbrakel,Nieuwkerken-Waas,Nieuwenrode,Nieuwrode,Nukerke,Oekene,Oelegem,Okegem,Oostakker,Oosteeklo,Oosthoven,Oostmalle,Oostnieuwkerke,
    Oostwinkel,Ooigem,Oordegem,Otegem,Outer,Overmere,Paal,Petegem,Peutie,Pollare,Ramsdonk,Ramsel,Rekem,Relegem,Rollegem,Rumbeke,Ruddervoorde,
    Ruien,Ruisbroek,Schelderode,Schellebelle,Schendelbeke,Schepdaal,Schoonaarde,Schriek,Serskamp,Sijsele,Sinaai,Sint-Baafs-Vijve,
    Sint-Jan,Sint-Job-in-'t-Goor,Sint-Kruis,Sint-Kruis-Winkel,Sint-Lenaarts,Sint-Margriete,Sint-Maria-Horebeke,Sint-Martens-Bodegem,
    Sint-Martens-Lennik,Sint-Martens-Lierde,Sint-Martens-Voeren,Sint-Pauwels,Sint-Pieters-Kapelle,Sint-Pieters-Rode,Sint-Joris-Weert,
    Sint-Joris-Winge,Sint-Eloois-Vijve,Sint-Eloois-Winkel,Sint-Ulriks-Kapelle,Sleidinge,Smetlede,Snellegem,Stalhille,Steenbrugge,Stene,
    Steenhuffel,Strijpen,Strombeek-Bever,Tisselt,Tollembeek,Uitbergen,Ursel,Varsenare,Velzeke,Veltem-Beisem,Viane,Vinderhoute,Vinkt,
    Vlamertinge,Vlezenbeek,Vlierzele,Voorde,Voormezele,Vorselaar,Vosselare,Vrasene,Waarloos,Walem,Wambeek,Wenduine,Werchter,Wespelaar,
    Westende,Westmalle,Westmeerbeek,Westouter,Wezemaal,Wieze,Wijtschate,Winksele,Woesten,Wolvertem,Wondelgem,Wortegem,Wulpen,Zaffelare,
    Zandbergen,Zandvliet,Zandvoorde,Zarlardinge,Zarren,Zegelsem,Zeveneken,Zeebrugge,Zeveren,Zichem,Zillebeke,Zuun,Zwevezele,
    Aarlen,Arlon,Bastogne,Bergen,Charleroi,Doornik,Eupen,Luik,Liège,La Louvière,Mons,Moeskroen,Mouscron,Namen,Namur,
    Nijvel,Nivelles,Ottignies,Seraing,Tournai,Verviers,Waterloo,Waver,Wavre
    """.replace("\n", "").split(",")
)

STREETS = (
    *("straat", "straatje", "laan", "weg", "plein", "dreef", "baan", "kaai", "kade", "pad", "hof", "markt", "vest"),
    *("gracht", "steeg", "lei", "singel", "kouter", "park", "stwg", "str.", "stw.", "straat.", "stwg.", "stationsstr"),
)
"""How the name of a street ends; 'weg' holds for 'steenweg' too."""

RARER = (
    *(
        "veld",
        "berg",
        "dries",
        "heide",
        "plaats",
        "poort",
        "dijk",
        "rei",
        "wijk",
        "hoek",
        "akker",
        "wal",
        "dam",
        "donk",
    ),
    *(
        "hoeve",
        "gaarde",
        "weide",
        "steegje",
        "meers",
        "kant",
        "stede",
        "tuin",
        "oord",
        "bos",
        "brug",
        "kerkstr",
        "dorpsstr",
    ),
)
"""How fewer streets end, and more other words: these count with a capital within a sentence, or in a text that is short."""

ALONE = frozenset(
    (
        "markt",
        "plein",
        "kouter",
        "dries",
        "meir",
        "coupure",
        "steenweg",
        "vest",
        "dorp",
        "heide",
        "dreef",
        "baan",
        "kaai",
        "dok",
    )
)
"""Streets whose whole name is an everyday word."""

COUNTED = frozenset(("en", "of", "tot", "per", "nummer", "met", "zijn", "voor"))
"""Small words after which such a word is no street."""

SIDES = frozenset(("links", "rechts", "noord", "zuid", "oost", "west"))
"""A last word that tells two sides of a street apart."""

FRENCH = frozenset(("rue", "avenue", "chaussée", "chaussee", "boulevard", "place", "chemin", "clos", "quai", "allée"))
PREFIXES = FRENCH | {"steenweg", "residentie"}
"""With what the name of a street begins."""

NOT_STREETS = frozenset(
    name.strip()
    for name in """
    straat,straatje,laan,weg,plein,baan,kade,kaai,pad,hof,park,gracht,steeg,vest,singel,dreef,lei,
    onderweg,rijweg,autoweg,autosnelweg,snelweg,halfweg,terugweg,invalsweg,hoofdweg,gewestweg,gemeenteweg,overweg,
    parkeerplein,speelplein,werfplein,fietspad,voetpad,zebrapad,wandelpad,ruiterpad,jaagpad,zijstraat,hoofdstraat,
    winkelstraat,woonstraat,fietsstraat,schoolstraten,snelbaan,rijbaan,loopbaan,startbaan,bowlingbaan,renbaan,busbaan,
    stadspark,gemeentepark,containerpark,recyclagepark,recyclepark,bedrijvenpark,zonnepark,windmolenpark,wagenpark,pretpark,
    dierenpark,speelpark,kerkhof,gerechtshof,voorhof,arbeidsmarkt,woonmarkt,woningmarkt,rommelmarkt,kerstmarkt,weekmarkt,
    jaarmarkt,boerenmarkt,supermarkt,zwemvest,vallei,allerlei,beurtelei,velerlei,tweeërlei,
    grasveld,voetbalveld,sportveld,speelveld,tennisveld,zijveld,invulveld,tekstveld,veld,berg,parkeerplaats,standplaats,plaats,
    staanplaats,zitplaats,ligplaats,werkplaats,speelplaats,woonplaats,laadplaats,begraafplaats,vergaderplaats,kampeerplaats,
    verblijfplaats,geboorteplaats,losplaats,stopplaats,vindplaats,aanlegplaats,rustplaats,stelplaats,autostaanplaats,poort,
    toegangspoort,dijk,wijk,stadswijk,woonwijk,hoek,kleuterhoek,akker,wal,dam,hoeve,weide,hondenweide,ligweide,speelweide,
    kant,overkant,zijkant,achterkant,voorkant,tuin,speeltuin,moestuin,volkstuin,dierentuin,plantentuin,schooltuin,voortuin,
    achtertuin,oord,vakantieoord,bos,brug,fietsbrug,voetgangersbrug,spoorwegbrug,ophaalbrug,kruispunt,ijsberg,sneeuwberg,
    autodelen,rotterdam,amsterdam
    """.replace("\n", "").split(",")
)
"""Words of every day that end as a street does, or are only the ending."""
