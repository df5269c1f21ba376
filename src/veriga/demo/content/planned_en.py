"""English lines for events that are still to come, or late: intentions, no outcomes."""

from veriga.demo.content.reader import read_lines

PLANNED = read_lines("""
== opening
# event call out | Call about the enquiry
Ask about the product, quantities, present machine and deadline. Offer a visit.
Find out what they are really looking for before we send anything.
# event call out | Call after the fair
Remind them of the talk and propose a visit.
Find out who runs the project there.
# event visit out | First visit to the customer ({town})
Introduce the firm and see the packing room. Bring samples and two references.
# event video_meeting out | Introductory video meeting
Half an hour, presentation and questions. The link is in the invitation.
# event meeting out | Meeting with the managing director
Aim: to learn whether packing is in the investment plan.
# event fair out | Talk arranged at the fair
Time confirmed, three are coming. Prepare the machine with their format.

== qualify
# event call out | Call about the missing data
Annual quantities and the size of the largest format are missing.
# event visit out | See the packing room with the technologist
Check dimensions, air supply and the way in. Bring the rate meter.
Measure the real rate and film a format change.
# event meeting out | Meeting with production and purchasing
Agree the requirements and confirm who decides. The agenda has been sent.
# event video_meeting out | Video meeting about the requirements
Go through the open points, technology joins on our side.
# event visit_in in | Tour of our assembly announced
Four are coming. Tell assembly, have a machine running.

== sample
# event call out | Ask what they think of the samples
What do quality and marketing say? Offer a second round if needed.
# event visit out | Test at the customer's ({town})
Transport is ordered, the test takes two days. Bring a spare knife and two films.
# event visit_in in | Test with the customer in Celje
The customer brings the product. Set up the machine the day before.

== present
# event demonstration out | Demonstration: {product}
Coming: production, quality, management. Begin with figures, then the machine.
Prepare their format and a sheet for the readings.
# event demonstration out | Visit to a reference customer
We drive together from Celje, the tour takes an hour. The reference customer knows.
# event meeting out | Present the calculation to management
The calculation on one page, a cautious and a likely version.
# event video_meeting out | Go through the concept online
Through layout and connections, note the remarks.
# event call out | Call after the presentation
Ask for impressions, and which decision maker was missing.

== offer
# event call out | Call about the quote
Have they looked at it, and what holds them back?
Propose going through the quote item by item.
# event call out | Check that the quote arrived
Has it reached the right person, and when do they decide?
# event meeting out | Go through the quote item by item
Prepare a version without the delivery table and an answer on delivery time.
# event visit out | Visit about the quote ({town})
Present the quote to production and purchasing in person.

== negotiate
# event call out | Call: have they decided
The meeting was to be this week. Ask frankly.
# event meeting out | Negotiate price and payment
The limit is agreed with the head of sales. Ask for a reference in return.
# event video_meeting out | Last look at the contract
Open: the clauses on acceptance and response time.
# event visit out | Director visits director
A talk at the top before the board meets, no price list on the table.

== won
# event meeting out | Project start meeting
Schedule, people, acceptance test.
# event visit_in in | Acceptance test arranged
The customer brings product and film. Prepare the minutes in advance.

== lost
# event call out | Courtesy call half a year on
How does the chosen machine work, and is a new project coming?

== given_up
# event call out | Try to get back in touch
See whether anything has changed there.

== after_sales
# event call out | Call: happy with the machine
Ask about rate, rejects and stoppages.
See whether they have enough wearing parts in stock.
# event call out | Call about the service date
Propose two dates outside the shift.
# event visit out | Annual service planned
Wearing parts by the list, calibrate the scales.
Service under the contract. Bring the set of parts for this machine.
# event visit out | Operator training planned
Two groups, material is printed.
# event visit out | Set up the new format
Format parts are made, the product waits at the customer's.
# event meeting out | Yearly talk on working together
Stoppages, service, film use, plans for next year.
# event video_meeting out | Remote diagnosis arranged
Their fitter will be at the machine, access to the controller is needed.
# event visit_in in | Fitters' training announced
Two are coming; work in assembly and a test at the end.

== internal
# event internal_meeting internal | Sales meeting: plan of the week
Late work, quotes about to expire, visits.
# event internal_meeting internal | Going through the pipeline
Sale by sale: whose move is it, and by when.
# event internal_meeting internal | Talk with service
Open complaints and the fitters' rota.
""")
