"""Five things to try on the demo's first page."""

HINTS: dict[str, tuple[str, ...]] = {
    "sl": (
        "Z dvojnim klikom odpri zamujeni klic in zapiši, kaj pravijo o ponudbi.",
        "Izberi prejeto e-pošto o dobavnem roku in jo poveži s ponudbo:"
        " Poveži ali tipka L.",
        "Preberi celotno verigo od povoda na sejmu: Povezave ali Shift+L.",
        "Dvoklikni število v stolpcu Povezano: odpre se seznam prav teh zapisov.",
        "Pritisni Ctrl+K in vpiši referenčno številko ali ime stranke.",
    ),
    "en": (
        "Open the overdue call with a double-click and note what they say"
        " about the quote.",
        "Select the received e-mail on delivery time and link it to the quote:"
        " Link or the L key.",
        "Read the whole chain from its origin at the fair: Links or Shift+L.",
        "Double-click a count in the column Linked: it opens the list of just those"
        " records.",
        "Press Ctrl+K and type a reference or the name of a company.",
    ),
}
