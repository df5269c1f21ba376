"""English lines: life with the machine, and work inside the firm."""

from veriga.demo.content.reader import read_lines

LINES = read_lines("""
== after_sales
# event visit out | Installation and start-up ({town})
Installed in three days, started on the fourth. First batch without trouble.
Machine in place and connected. Start-up a day late, as the air supply was not ready.
# event visit out | Operator training
Six workers trained in two groups. Format change took longest.
Training done, everyone passed the test. Instructions hang by the machine.
# event call out | How is the machine doing?
Happy after the first week. It only catches when unwinding the new film.
Rate reached, rejects not yet. We propose a visit by the technologist.
Runs without trouble. They praise the installation once more.
# event visit out | Visit after a month of work
Half as many stoppages as on the old machine. Temperature set for the second format.
# product_record in_use in | Machine works in two shifts
Two shifts, five days a week, about 500,000 packs a month.
# product_record in_use in | Format changed in twelve minutes
The team changes formats without the fitter, three minutes faster than the target.
# product_record in_use in | Film use has fallen
After three months 7% less film per thousand packs.
# product_record in_use in FO-PE50 | PE film 50 µm in regular use
1,200 kg a month, called off every two weeks.
# event call_in in | The machine has stopped
Drive error on the screen, restarting does not help. The fitter will be there in two hours.
Down since morning, a whole shift waits. Found by phone: the safety sensor on the door.
Film jammed and the knife broken. We have the part and send it at once.
# event call_in in | Error on the screen
A pressure warning. Regulator checked by phone, the filter is clogged.
# event email_in in | Photos of the fault
Three photos and a film. The bearing of the guide roller looks worn.
# event call out | Help by phone
Settings checked with the operator. Someone had changed the recipe; old values restored.
Solved in ten minutes, no visit needed.
# event video_meeting out | Remote diagnosis
Connected to the controller, the fault is in the position sensor. Part ordered, half speed until then.
# task - internal | Send a fitter
Urgent: machine down. See who is nearest and tell them the time of arrival.
Find the first free date, take the parts along. Machine: {product}.
# event email out | Service date confirmed
Confirmed: the fitter comes at 7, the machine should be clean by then.
# event call_in in | When does the fitter come
They ask what time. The fitter is on the way, half an hour late.
# event visit out | Emergency service on site
Drive belt replaced and sensor cleaned. Running again after four hours.
Caused by water in the pneumatics. Separator fitted, air dryer recommended.
# event email out | Service report
Report with cause, parts and advice sent. Under warranty, no invoice.
# event call out | Call after the service
No stop since then. They ask for a spare knife.
# task - internal | Prepare the service report
Cause, remedy, parts, hours. To the customer within two days.
# event complaint in | Complaint: leaking seals
A retailer refused a pallet because of leaking packs. They demand a technologist this week.
In the night shift 3% leak. They suspect the film, we the temperature.
# event complaint in | Complaint: weighing deviates
Off by 4 g, 1.5 g allowed. They ask for calibration and a record for the inspectors.
# event complaint in | Complaint: spare parts are late
A part promised in five days has not come in ten. Rightly annoyed.
# event complaint in | Complaint: failure under warranty
A four-month-old heater failed. Replaced under warranty, the visit is at our cost.
# event complaint in | Complaint: poor film
It tears at higher rates, they gave the batch number. Two pallets held back.
# event complaint in | Complaint: wrong invoice
A visit under warranty was charged. They are right, we issue a credit note.
# task - internal | Deal with the complaint
Answer within 24 hours: what happened, what we do and by when.
Check the batch number and ask the supplier for a statement.
# product_record complaint in | Product complaint: {product}
It recurs with one format. Cause not yet confirmed, the machine runs slower.
Accepted, part replaced under warranty.
# product_record complaint in RD-NOZ | Knife worn too soon
It lasted a third of the expected cuts. The returned piece goes to the supplier for analysis.
# product_record complaint in FO-STR | Stretch film tears
It tears at the pallet corners, the batch is known. A replacement is on its way.
# event meeting out | Meeting on repeated stoppages
Went through the records together. Four in five come after a change of film; a test with another is agreed.
# event visit out | Wearing parts replaced
Knife, jaws and seals replaced. Next time in about 2,000 hours.
# event email_in in | Order for spare parts
A knife, two heating bars and a set of seals. They ask to ship today.
# event call_in in | Spare parts ordered by phone
They need a belt and two sensors. No part numbers; found by the machine's serial number.
# task - internal | Ship the spare parts
Ship today by 3 p.m., send the customer the tracking number.
# task - internal | Order parts from the supplier
Out of heating bars, order at least ten.
# event visit_in in | Spare parts collected in person
They came for the parts themselves, as they could not wait. They also asked about a new delivery table.
# event email_in in | Order for film
Four pallets, delivered in two lots. This time 440 mm wide.
# event call_in in | They need film by Monday
Their stock lasts three days. One pallet is available now, the rest in a week.
# quote - out FO-PE50 | Film, annual quantity
Annual contract with monthly call-offs, price tied to the resin index.
# product_record test in FO-RC | New film tried on the machine
The new film runs at 90% of the rate. Full rate needs another heater.
# event email out | How to set the seal
A table of temperatures for three films sent, to hang by the machine.
# event email_in in | They ask for the machine's documents
For an audit they need manual and diagram in electronic form.
# event email_in in | They ask for a declaration of conformity
Inspectors want the declaration for food contact. We have it for the newer machine; for the older one it must be found in the archive.
# event call_in in | They ask for training of new workers
Four new workers and hardly any experienced ones left. Proposed: Saturday morning.
# task - internal | Prepare training material
Add photos of their own machine to the instructions, one copy each.
# event visit out | Training again after staff changes
Four new workers trained, two will teach the rest. Settings are locked by password.
# event video_meeting out | Online training
An hour and a half on recipes and data export. For manual skills we have to be there.
# event visit_in in | Fitters trained at our place
Two fitters spent a day in assembly. They changed the jaws and set the cut themselves.
# quote - out ST-SOL | Operator training on site
Two days for two groups, with material and certificates.
# event call out | Reminder of the annual service
Due this month. They ask for a date in the week when the line is idle.
# event email_in in | Maintenance dates they would like
Two dates proposed, both during stocktaking. Their two fitters would be there.
# event call out | Arranging the service date
Agreed: Monday at 6, before the shift starts.
# event visit out | First regular service
Service at 500 hours: tightening, greasing, cut checked. Nothing to report.
# event visit out | Annual service
Wearing parts replaced, scales calibrated. The belt should be replaced within half a year.
Done by the list. The machine is very well kept, and the report says so.
# event call_in in | Praise for our service
They praised the fitter who stayed until evening. Passed on to the head of service.
# event call out | Talk about a service contract
It makes sense to them if parts are included. They ask for a proposal for two years.
# product_record interest in ST-POG | Interest in a service contract
With two visits a year and a response within 24 hours.
# quote - out ST-POG | Annual service contract
Two preventive visits, response in 24 hours, 10% off parts.
For all machines on the site, invoiced quarterly.
# task - internal | Renew the service contract
It ends in a month. Check the number of visits and propose a new price.
# quote - out RD-KPL | Set of wearing parts for one year
Knife, jaws, seals and belt at a package price.
# quote - out RD-GREL | Spare parts for the sealer
Heating bars and seals, from stock.
# task - internal | Check the customer's stock of parts
Compare the recommended list with what they have and propose what to add.
# event visit out | Measuring film use
Measured on three formats. The smallest bag could be 8 mm shorter.
# event call_in in | They ask about a new format
A retailer wants a smaller pack. Can the present machine do it?
# event visit out | Setting up a new format
Set up and stored as a recipe. The format parts fitted without rework.
# event email out | New software version announced
It brings data export. Can be installed remotely in an hour.
# event visit out | Software upgraded on the machine
Upgraded, recipes carried over. Operators notice that the screen responds faster.
# event email out | Satisfaction survey
Five short questions sent. We go through the answers with service.
# event invitation out | Invitation to the users' day
Users' day in Celje, three customers tell their experience.
# event invitation out | Invitation to training for fitters
Training takes two days. Ten places, customers with a contract first.
# event fair out | Fair: met an existing customer
They came to say hello and praise the machine. In passing they mention a new hall.
# event visit out | Courtesy visit ({town})
For no special reason, over coffee. They told more about next year's plans than in all the meetings.
# event meeting out | Yearly review
Stoppages, service and parts reviewed. They plan another machine next year.
A good verdict on working together; the one remark is our response at weekends.
# event demonstration out | Machine upgrade demonstrated
Shown on the same machine at our place. The rate goes up by a quarter.
# product_record interest in NA-ZP12 | Interest in upgrading the sealer
They want a higher rate without buying a new machine.
# product_record interest in NA-KRM | Interest in a new controller
The old controller is no longer made, they fear a failure.
# quote - out NA-ZP12 | ZP-12 tray sealer upgrade
New drive, faster tool change and a modern screen. The machine stops for two days.
# quote - out NA-KRM | Controller upgrade
Controller and screen replaced, all recipes carried over.
# quote - out ST-MON | Moving and restarting the line
Dismantling, transport as agreed, installation and start-up.
# quote - out TT-30 | Additional TT-30 conveyor
Conveyor of 3 m with guards, connected to the present line.
# event call_in in | They are thinking of a second machine
Happy with the one they have, volume is growing. They want the same at another site.
# event enquiry in | Enquiry from an existing customer: {product}
To extend the line. They would like the same controller as now.
A new range needs another machine, by the end of next quarter.

== internal
# event internal_meeting internal | Weekly sales meeting
Late work and the week's plan. Three quotes expire on Friday, calls shared out.
Main subject: customers without contact for over three months. Everyone takes five.
# event internal_meeting internal | Review of open quotes
Counted: 41 open, 12 of them without an answer. Calls first, discounts later.
# event internal_meeting internal | Review of complaints
Seven open, three because of one film. The supplier has until the end of the month.
# event internal_meeting internal | Planning next month's visits
Visits arranged by place, so that nobody drives empty. The east one week, the coast the next.
# event internal_meeting internal | Settling dates with production
Assembly is full for ten weeks. Quotes say 14 weeks.
# event internal_meeting internal | Lost sales analysed
Of nine, four were lost because we were slow, not because of price.
# event internal_meeting internal | Preparing for the fair
Two machines on show, shifts arranged. Contacts are entered the same evening.
# event internal_meeting internal | New film presented to sales
Technology explained properties and limits. Not to be offered for older machines without a test.
# task - internal | Update the price list
New prices of bought-in parts by the end of the month. Old quotes stay as they are.
# task - internal | Prepare the monthly sales report
Orders, open quotes, lost sales with reasons. One page.
# task - internal | Arrange our stand for the fair
Order connections, air and transport of machines. Same floor space as last year.
# task - internal | Check unpaid invoices
Everyone calls their own customers with overdue invoices, kindly at first.
# task - internal | Update the company presentation
Add three new references and replace the photos of assembly.
# task - internal | Order promotional material
Catalogues in three languages, 200 copies. No date on the cover.
# task - internal | Go through customers without contact
Share out the list of customers without contact in the last year.
# task - internal | Prepare the sales plan
By product group and market, in two versions.
# task - internal | Tidy up company data
Check addresses, tax numbers and duplicates.
# task - internal | Hand in travel expenses
By the fifth of the month, with the purpose and the customer's name.
# task - internal | Organise the open day
Programme, invitations, snacks and guided tours.
# task - internal | Update the data sheets
Correct air use and add the new screen.
""")
