"""English lines: the quote and what it sets off, and negotiation."""

from veriga.demo.content.reader import read_lines

LINES = read_lines("""
== offer
# event call_in in | They ask for a quote
Technically all is clear, they need a quote with delivery time and terms of payment. By the end of the week.
They need it before the board meets. Machine, installation and training listed apart, please.
# event email_in in | Written request for a quote
They ask for two versions, basic and extended. Valid for at least 60 days.
# event email_in in | Tender forms for the quote
Forms, declarations and a draft contract received. No bid bond required.
# event enquiry in | Formal request for quotation
A request with a number and a list: {product}. To be sent by e-mail, opening is not public.
Now it is official: purchasing sent a request with terms and a form. Questions until Tuesday.
# task - internal | Prepare the calculation for the quote
By item: machine, format parts, conveyors, installation, training. Margin as in the price list.
Include the first set of spare parts. Machine: {product}.
# task - internal | Check delivery time with production
Ask when there is room in assembly and what takes longest to get.
# task - internal | Have the discount approved
The customer expects one. Up to 3% as in the price list, above that a signature is needed.
# task - internal | Settle transport and installation
Check lorry access, the crane and the days of installation.
# task - internal | Get the subcontractor's price
Controller and conveyors are bought in. Ask for a written price valid for 60 days.
# task - internal | Go through the technical annexes
Dimensions, connections, rate per format. What has not been tested must be marked so.
# event internal_meeting internal | Costing and margin
The basic version works out, the extended one has too thin a margin. Format parts to be charged apart.
# quote - out LP-20 | LP-20 packaging line
Basic version with installation and one day of training. Delivery in 10 weeks.
The smaller line without a weigher. Format parts for two formats included.
# quote - out LP-40 | LP-40 packaging line
Line with conveyor, installation and training. Delivery in 14 weeks.
The whole line with a starter set of spare parts. Price includes transport.
# quote - out LP-40 | LP-40 line, basic version
Without extras, can be upgraded later.
# quote - out LP-40 | LP-40 line with multihead weigher
Line with the VT-10 weigher and a lifting conveyor. Both machines started up together.
# quote - out LP-60 | LP-60 packaging line
Fast line with automatic format change. Acceptance test at our works included.
Line for three formats, two already calculated. Delivery in 20 weeks.
# quote - out VP-15 | VP-15 vertical packaging machine
Machine with a former for one bag width. The second width is listed as an extra.
# quote - out ZP-12 | ZP-12 tray sealer
Tray sealer with one tool, a second on request. Delivery in 6 weeks.
One sealer and a set of tools for two trays.
# quote - out ZP-20 | ZP-20 double-head tray sealer
Double-head version for larger quantities, with training on site.
# quote - out VT-10 | VT-10 multihead weigher
Weigher with ten heads and a frame, to be joined to the present machine.
# quote - out KT-6 | KT-6 checkweigher with rejection
Weigher with an air reject and a record of readings per batch.
# quote - out ET-5 | ET-5 labeller
Labels on top and at the side, printing of batch and best-before date.
# quote - out OV-8 | OV-8 pallet wrapper
Wrapper with scales and a ramp, suitable for a hand pallet truck.
# quote - out PL-4 | PL-4 liquid filler
Four-nozzle filler for bottles of 0.25 to 1 litre, without a capper.
# quote - out KZ-25 | KZ-25 cartoner
Folding and gluing cartons in three sizes. Glue unit included.
# quote - out TT-30 | Conveyors for the packing room
Three conveyors with adjustable speed and a 90-degree turn.
# quote - out | Quote: {product}
A quote after talks and a test, price valid for 30 days.
In two versions, they differ in the degree of automation.
Following the formal request. Data sheet, layout and declaration of conformity enclosed.
# event email out | Cover letter with the quote
Quote sent with a short reason for the choice. Call in four days.
The letter gives three reasons for this version and one honest limit.
# event email out | Quote translated for head office
Translation of the quote and annexes sent. Same prices, terms of payment on their pattern.
# event visit out | Quote handed over in person
Handed over and explained in half an hour. They asked about delivery straight away.
# event meeting out | Going through the quote at their place
Every item explained. Training seems dear to them, installation not. They decide in three weeks.
# event video_meeting out | Going through the quote online
Gone through together, three items become options. The corrected version goes out tomorrow.
# event email_in in | Receipt of the quote confirmed
They have it and passed it to the technical committee. An answer is promised in 14 days.
# event call out | Response to the quote
The quote is on the managing director's desk, so is a competitor's. Second on price, first on service.
They have not looked at it, the production manager is on leave. Call again on Wednesday.
Happy with the quote, they ask for a cheaper delivery table.
# event call out | When they decide on the quote
The board decides at next week's meeting. They ask for a one-page summary without technical detail.
Purchasing waits for a third quote. They may not close the procedure without it.
# event call out | Reminder before the quote expires
It expires in five days. They ask for an extension, as they decide only at the end of the month.
# event call_in in | Questions about the quote
Does the price include transport and insurance? Answer: transport yes, insurance no.
The technical committee has five questions, all about format parts.
# event call_in in | An item is missing in the quote
They miss the delivery table agreed during the visit. They are right, we add it.
# event call_in in | They compare three quotes
They are drawing up a comparison and ask for air and energy use.
# event email_in in | Question about the warranty
Does it hold for three shifts, and what counts as a wearing part?
# event email_in in | They ask for a shorter delivery time
Instead of 14 weeks they could accept 10 at most. Check with assembly.
# event email_in in | They ask to extend the quote
The decision has slipped, they ask for 30 more days at the same price.
# product_record objection in | Objection: price
About a tenth above the competitor. Stress that our service is near.
They expected less. They would take a version without the delivery table.
# product_record objection in | Objection: delivery time
The season starts before we can deliver. We propose renting a machine meanwhile.
# product_record objection in | Objection: terms of payment
40% in advance is too much for them. Usually they pay 60 days after start-up.
# product_record competitor_product in | Cheaper quote from Asia
A third cheaper, but without installation, training or parts in stock.
# product_record competitor_product in | Competing quote from Italy
Close in price, with a shorter delivery time. Service is not specified.
# task - internal | Correct the quote after their remarks
Add the delivery table, state the rate per format and correct the delivery time.
# task - internal | Extend the validity of the quote
Check the prices of bought-in parts first.

== negotiate
# event call_in in | They want a lower price
They would like to buy from us, but it is above their limit. Idea: less training, shorter installation.
Purchasing is calling: take off 5% and they sign this week.
# event call_in in | The competitor has cut the price
The other supplier came down 7% after our presentation. We need to answer with substance, not only price.
# event email_in in | The customer's counter-offer
They propose 4% off, 30% in advance and three years' warranty. The first two are acceptable.
# event email_in in | Remarks from their lawyers
On the contract: penalty, place of jurisdiction and transfer of title. Our lawyer must look.
# event email_in in | They require a bank guarantee
They want a bank guarantee for the advance. Its cost has to go into the price.
# event call_in in | Decision put off for a month
The board moved its meeting. Nothing to do with us, they say; we are still first.
# event call_in in | They ask about the demo machine
Could they have the machine from the fair for less? It has 300 hours and full warranty.
# task - internal | Find the lowest possible price
How far can we go, and what do we ask in return: term of payment, a reference, an order this month.
# task - internal | Settle the contract with the lawyer
Three clauses in dispute. Penalty at most 5% of the value.
# task - internal | Value the old machine
Photos, year and hours. Buy it back only if we have someone for it.
# task - internal | Arrange the guarantee with the bank
Agree the wording with the bank, report the cost before the new quote.
# task - internal | Look into leasing
Get an indicative calculation for 48 and 60 months.
# event internal_meeting internal | Talk about the discount
Up to 4%, in return for a reference and payment before shipping.
Not below this price. Better to add a day of training and a set of spare parts.
# event meeting out | Price negotiations
Two hours, three rounds. The gap is down to 2%, both sides need to sleep on it.
Purchasing is tough, production is on our side. Agreed: a discount in the form of spare parts.
# event meeting out | Terms of payment negotiated
Agreed: 30% with the order, 60% before shipping, 10% after start-up.
# event meeting out | Meeting with purchasing and finance
Finance wants to pay over two years, so leasing is an option. The rest is approved.
# event meeting out | Settling the contract
Two clauses still open: acceptance test and response time. We draft the wording.
# event video_meeting out | Negotiations with the parent company
The parent has a framework contract with another supplier. An exception is possible, as our service is near.
# event video_meeting out | Going through the clauses
Text gone through, five corrections, none fatal. Clean copy by Monday.
# event visit out | Last talk before the decision ({town})
Risks and schedule once more. At the end the managing director asks about leasing.
# event visit out | Visit with our managing director
The two directors opened a door that purchasing could not. Decision this month.
# event visit_in in | Negotiations at our place
They came to Celje and went to assembly first, only then to the table. We parted with a price agreed.
# event call out | Talk about a discount
Offered 3% if they sign by the end of the month. They ask for a day to think.
# event call out | When will they decide
On Thursday, between two suppliers. They want technology and service within reach on Friday.
Still no date, they wait for the loan.
# event call out | Call to the managing director before the decision
The one worry is a start-up in season. We offered a fitter on duty for the first two weeks.
# event call out | Checking the financing
The bank has approved the loan, it can be drawn in a month.
# event email out | Improved terms
New terms sent: shorter delivery, same price, three years' warranty on the drive.
Discount and new schedule confirmed. Applies to: {product}.
# event email out | Draft contract
Draft with three annexes sent. Remarks by Friday, please.
# event email out | Answer to remarks on the contract
Six of eight remarks accepted. For the penalty we propose a ceiling.
# event email out | Agreement confirmed in writing
Confirmed what was said on the phone: price, date, payment. Waiting for the purchase order.
# quote - out | Revised quote: {product}
Delivery and terms of payment corrected, price unchanged.
With the agreed discount and three items left out.
# quote - out LP-40 | LP-40 line, old machine taken in part exchange
The value of the old machine is deducted. We take care of removal.
# quote - out LP-40 | LP-40 line on lease
Same version, monthly payments for 60 months. Nominal sum at the end.
# quote - out LP-60 | LP-60 line in two phases
First the line, then the cartoner. The price of phase two holds for two years.
# quote - out VP-15 | VP-15 machine with a first stock of film
The machine and two pallets of film at a package price.
# quote - out ZP-20 | ZP-20 sealer with extended warranty
Three years' warranty with a service contract.
# product_record objection in | Objection: risk of changing over
They fear losing the week of the change. We propose starting up during the works holiday.
# product_record objection in | Objection: size of the advance
No advance without security. A guarantee or a smaller share would do.
# product_record competitor_product in | The competitor promises a shorter time
The other supplier promises 8 weeks. The trade knows that last time it was not kept.
# event email_in in | They report the investment approved
Approved in full. It is between two suppliers now, and we are one of them.
""")
