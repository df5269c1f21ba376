"""English lines: sales that are won, lost or given up."""

from veriga.demo.content.reader import read_lines

LINES = read_lines("""
== won
# event call_in in | Order confirmed by word of mouth
They call with the news: we are chosen. The purchase order comes in three days.
The managing director confirms the order and asks only for a start before the season.
# event email_in in | Order received
The purchase order agrees with the quote. They ask for confirmation and a pro-forma invoice.
Order: {product}. Delivery time runs from receipt of the advance.
# event email_in in | Contract signed
Signed contract received, the original comes by post. The purchasing manager looks after it.
# event call out | Thanks for the order
Thanks, and who talks to whom from now on.
# event email out | Order confirmed
Confirmed with delivery date and schedule. Pro-forma invoice enclosed.
# event meeting out | Signing the contract
Signed, and agreed that we may take photos for a reference.
# event visit out | Contract signed at their place ({town})
Signed in their meeting room, then a walk through packing. The spot for the machine is already empty.
# event internal_meeting internal | Handover to the project team
Technology, service and purchasing have everything. Open: how to lift it to the first floor.
# task - internal | Open the works order
As ordered, with the annex on formats. Agree the date of assembly with production.
# task - internal | Issue the pro-forma invoice
For the advance as in the contract, payable in 8 days.
# task - internal | Confirm the delivery date
Confirm in writing, with the driver's name and what unloading needs.
# event meeting out | Project kick-off
Schedule and people agreed, with a report every other Friday.
# event email_in in | The advance has been paid
They say it was paid today and ask us to confirm delivery.
# event visit_in in | Acceptance test at our works
With their product: rate reached, two remarks. Signed subject to putting them right.
# product_record test in | Acceptance test passed
Two hours without a stop, 0.4% rejects. Both sides signed the record.
# event call_in in | They confirm the installation date
The room is free from Monday, the electrician is booked. They provide a fork-lift.
# event visit out | Machine handed over
Handed over and signed. Our fitter stays for the first week.
# product_record in_use in | Machine in use: {product}
In use since the handover, 24 months' warranty.
The machine works, the first batch has been shipped.

== lost
# event call_in in | They chose another supplier
Price decided, the gap was 9%. Service was judged equal.
They chose a supplier they already work with. They will invite us for the next line.
# event email_in in | Notice that we were not chosen
Official notice: second on points. Delivery time cost us the place.
# event email_in in | They have stopped the investment
Management stopped all investments until the end of the year. Our quote lapses.
# event call_in in | New management dropped the project
The new managing director puts sales before production. There will be no project.
# product_record competitor_product in | They bought a competitor's machine
A German machine of similar capacity, delivery in ten weeks.
# product_record competitor_product in | They settled for a used machine
Bought from a bankruptcy. No support, no parts; they may call again.
# product_record objection in | The price stayed too high
Even discounted it exceeds their budget. We have no cheaper version.
# event call out | Why we did not get the order
A frank talk: our quote came a week late, they had made up their minds.
Price was the excuse; they know the competitor's people well.
# event email out | Thanks in spite of the refusal
Thanks for a fair procedure, and a request to stay on their list.
# event meeting out | Talk after a lost sale
Purchasing showed the criteria: first on technology, third on price.
# event visit out | Courtesy visit after the refusal
Relations stay good. The other packing room offers a new chance in a year.
# task - internal | Write down why we lost
To whom, by how much and why. Five sentences at most, this week.
# task - internal | Set a new contact in a year
A reminder to call when the warranty on the competitor's machine ends.

== given_up
# event call out | Third call without an answer
The switchboard takes messages, nobody calls back. One e-mail more, then we stop.
# event call out | Number no longer in use
The number is dead, and there is no new one on the website.
# event email_in in | Automatic reply: no longer with the company
The person we talked to has left, no successor named.
# event email out | Last try by e-mail
A short question: is the project alive, yes or no? No answer in three weeks and we stop.
# event call out | No longer needed
They dropped the product from the range, no machine is needed.
# event email_in in | Project on hold indefinitely
The project is on hold. No new date, and they ask us not to call.
# event call_in in | Production is moving abroad
Packing moves to a sister company, which has its own equipment.
# event visit out | Visit: the packing room is closing
Packing goes to a contractor. We have its name.
# product_record objection in | Objection: too little work for a machine
It would be busy two days a month. For such quantities we cannot honestly recommend it.
# event email out | We stop for the time being
Closed politely: we are here when things change.
# event internal_meeting internal | Talk: stop or go on
Three months without movement and two cancelled meetings. We stop, reminder in half a year.
# task - internal | Decide whether to go on
Look through the chain: when did the customer last come to us?
# task - internal | File the quote and documents
Note why we stop, so that the next one need not start from nothing.
""")
