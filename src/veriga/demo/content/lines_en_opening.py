"""English lines: first contact, and finding out what the customer needs."""

from veriga.demo.content.reader import read_lines

LINES = read_lines("""
== opening
# event enquiry in | Enquiry through the website
They ask about a packaging machine through the web form. Quantities are rough, no deadline given. First a call, to clear up the product and the rate.
A short enquiry with nothing about the product; they want to know price and delivery time.
Ticked in the form: {product}. They ask for a call in the morning.
# event enquiry in | Enquiry by e-mail: {product}
They sent a sketch of the pack and annual quantities. They would like a quote in two weeks, but decide next quarter.
The enquiry gives the pack sizes and a rate of 35 a minute. Nothing about the film.
# event enquiry in | Enquiry about automating packing
They pack by hand, eight people in two shifts. They can no longer find workers, so they want a semi-automatic or automatic solution.
Packing is the bottleneck: production could make 30% more than they manage to pack. They ask for a rough solution and price.
# event enquiry in | Enquiry: replace an old machine
The machine is 18 years old and there are no spares left. They want to replace it without stopping production for long.
They need to replace a worn-out machine. The new one must fit the same spot, 4 × 2 m.
# event enquiry in | Tender for a packaging line
Tender documents received. Criteria: price 60%, delivery 20%, service 20%. Three weeks to submit.
Invitation to tender for a co-funded investment. Three references from the same trade are required.
# event enquiry in | Enquiry through a designer
It came through the designer of their new hall. We may talk to the customer directly.
# event call_in in | They call: looking for a packaging machine
Production is calling. They are launching a product and have no machine for it yet. Agreed: they send samples, we propose a solution.
They ask whether we also build for smaller batches. About 200,000 pieces a year. They want a visit.
# event call_in in | They call on a partner's recommendation
They heard about us from a partner in the third year with our line. They would like to see it running.
Their packaging supplier recommended us. This week they only have Friday.
# event call_in in | Article in a trade magazine
They read an article on our machines and want to know more, above all about the ten-minute format change.
# event call_in in | They need a replacement machine urgently
Their machine has died and they pack by hand. Do we have anything in stock, or at least a demo machine to rent?
Their supplier put delivery off by half a year. They want something that can be running in eight weeks.
# event email_in in | They ask for a catalogue and rough prices
They ask for a catalogue and a price list. We send no list; reply: a rough price after a call, once we know the product.
They are collecting figures for the investment plan and decide next year. A rough price is enough.
# event email_in in | Reply to a post on social media
They replied to our post about the machine ({product}). Can it handle their pack size too?
# event email_in in | They ask us to introduce the firm
They are widening their circle of suppliers: a short presentation, references and the last annual accounts, please.
# event chance_meeting in | Talk at a chamber of commerce event
A short talk with the management after the lecture. They plan to expand; packing is on the list for next year.
Over coffee the talk turns to packing: up to 6% rejects. Agreed: I call next week.
# event chance_meeting in | Met at a customer we share
Ran into them in the car park of a customer we share. Their line cannot keep up with orders. Number noted.
# event chance_meeting in | Talk at the airport
Waiting together for a delayed flight. Two old lines and a new owner who will invest. Call once back.
# event chance_meeting in | Old acquaintance in a new firm
The former head of packing at one of our customers now runs production here. Knows our machines, invites us to look round.
# event fair out | Talk at our stand
Three came: management, purchasing and technology. They stayed longest at: {product}. Quote after we have seen the site.
A short talk in the crowd. They pack in season only, otherwise the machine stands still. I call right after the fair.
# event fair out | Visit to their stand at the fair
Only sales people at their stand. Production decides on machines; name and number are with the contacts.
# event fair out | Business card from the fair, nothing agreed
The card was left on the counter, no talk. On the back: weighing, 500 g.
# event fair out | Looked at the machine at the fair: {product}
They came to see the machine twice, the second time with the managing director. Questions: film use, cleaning, format change.
The machine convinced them, the price less so. They compare with two suppliers from Italy.
# event fair out | Packaging fair, first contact
A quick talk, they were off to a lecture. They want details by e-mail and then a call.
# event call out | First call after the fair
They remember the fair, the leaflet is on the desk. Technology takes over, they send us a name.
Agreed: a visit in two weeks. By then they gather the quantities.
Serious interest, no money this year. Call again once the budget is approved.
# event call out | Cold call to purchasing
Purchasing is friendly but reserved: they have a supplier. I may send a presentation.
One minute was enough: they renew packing next year, a visit before makes no sense.
# event call out | Call on a customer's recommendation
Naming the person we both know opens the talk at once. They have a competitor's machine and are unhappy with service.
# event call out | Who decides on equipment there
Production and the managing director decide, purchasing only collects three quotes. So we start with production.
# event call out | Call after the enquiry came in
Cleared up: two weights, three formats, at least 30 a minute. They already have film.
They sent the enquiry to five suppliers. A service base nearby matters to them; that is our advantage.
# event call out | Call to a former customer
They bought their last machine from us nine years ago and it still runs. They are thinking of another for a new range.
# event call out | Call about the new production hall
Building is under way, the roof will be on in three months. The designer proposes the equipment; they send us the name.
# event email out | Letter of introduction
Sent: company presentation, two references from the trade and a film of the line. Call in a week.
A short letter offering a free look at their packing room. No attachments, so it does not end up in spam.
# event email out | Catalogue and references
Catalogue and list of references sent. For their quantities the right one is: {product}.
# event email out | Thanks for visiting us at the fair
Thanks, leaflet and a photo of the machine they looked at. Two dates proposed for a visit.
# event email out | Reply to the enquiry
Receipt confirmed, five questions sent: product, weight, film, rate, space.
The reply gives a rough price, the exact one follows after a visit. Proposed: next Thursday.
# event email out | Summary of the first talk
Summary sent: what they pack, how much, on what, and what bothers them. Corrections by the end of the week.
# event invitation out | Invitation to our open day
Invitation by e-mail, on paper to the managing director. Running on the day: {product}.
Invitation to the open day in Celje. They come unless there is stocktaking; numbers to follow.
# event invitation out | Invitation to our stand
Two free tickets and a plan of the hall sent. Time for a talk: second day, 11 o'clock.
# event invitation out | Invitation to a workshop on recyclable film
The subject interests them because retailers demand it. They confirm by Friday.
# event invitation out | Invitation to see a line at work
At a customer who allows visits on Thursdays. Waiting for an answer.
# event visit out | Getting to know each other ({town})
Introduced the firm and saw the packing room. Two tables by hand, one old machine, much carrying about. There is a chance, but no hurry.
Received by the managing director, then a walk through production. They would solve weighing first, packing later.
Open to proposals. Next step: they send product data and annual quantities.
# event visit out | Short visit in passing
Dropped the catalogue on the way from another visit. Production took ten minutes and proposed a visit with more time.
# event visit out | First visit after the fair
The interest from the fair is real. They have measured stoppages for two months and will send us the figures.
# event visit_in in | They dropped in unannounced
They were nearby and asked to look round. They saw assembly and a machine under test.
# event visit_in in | They came to our open day
Two came and stayed to the end. Most questions about format change and cleaning.
Four came, the managing director too. They tried the machine with a product they had brought along.
# event meeting out | Introductory meeting
We showed our range, they their investment plan for three years. Packing is in year two, preparations start now.
# event video_meeting out | Short introductory video call
Half an hour online. They showed the packing room by phone; the bottleneck is plain: loading cartons by hand.
# product_record interest in | Interest: {product}
Interested because of the higher rate, they mean to buy within a year.
Interest shown in the first talk. Quantities and formats not known yet.
Interest confirmed, on condition that formats change without tools.
# product_record competitor_product in | Present machine: an Italian make
Six years old. Service comes from Italy and can take three weeks.
# product_record competitor_product in | Present machine: used, unsupported
Bought used, no manual in their language. The fitter looks for parts on the internet.
# task - internal | Check the customer's credit rating
Check rating and ownership before the first visit.
Last accounts, frozen bank accounts, owners. Note the findings with the company.
# task - internal | Find the right contact
No answer from the general address. Find the production manager or the technologist.
# task - internal | Send catalogue and film of the machine
Catalogue, references from the trade and a film: {product}.
# task - internal | Prepare slides for the first visit
Ten slides at most: the firm, three references, service. No prices.
# task - internal | Enter the contacts from the fair
Enter the cards and note what each person was interested in. Those waiting for a call first.
# task - internal | Arrange the first visit
Propose two dates, if possible in the morning while the line runs.

== qualify
# event call out | Figures on quantities and formats
Four formats, two of them make up 80% of the volume. Three changes a shift, 40 minutes each at present.
Quantities are not final. For the calculation we take 1.2 million packs a year in one shift.
# event call out | Checking the need by phone
Rejects hurt most, the rate comes second. They ask us to come and propose something.
The need is real, the time frame loose. The budget comes with the annual plan.
The trouble is not the machines but people: nobody stays in packing longer than half a year.
# event call out | Call to the technologist about the product
The product is sensitive to moisture, the seal must be really tight. They would like to keep their film.
Filled at up to 35 °C. We have to check how the film behaves.
# event call out | What budget they have in mind
They name no figure but mention an earlier investment of similar size. Our basic version fits in.
A rough sum is approved for this year. Above it the supervisory board decides.
# event call out | Call about the missing figures
Not yet. Technology was on leave, they send them on Monday.
The figures are there, only the managing director's signature is missing.
# event call_in in | Quantities will be larger than announced
They won a new customer, volume grows by a third. The first proposal is too small, we must reckon with a higher rate.
Purchasing is calling: one more format for the EU market. Please include it now.
# event call_in in | Renting instead of buying
They propose renting for a year with an option to buy. We answer after talking to management.
# event call_in in | They ask for references in the trade
They would like to call two of our customers. Ask both before passing on numbers.
# event call_in in | They have a new production manager
A new person to talk to, who knows our machines from a former job. We start almost from the beginning.
# event call_in in | The project got the green light
Management put the project in the annual plan. Now they need a technical proposal and a schedule.
# event email_in in | Product data received
A table of 12 products. Two lack dimensions, but it will do for a first estimate.
Complete: weights, sizes, annual quantities and photos. We can start calculating.
# event email_in in | Floor plan of the packing room received
To scale, with a pillar right in the middle. The line goes in an L or along the wall.
# event email_in in | The customer's technical requirements
Stainless steel, IP65 and a record of settings for every batch.
Twelve pages, mostly met by the basic version. Two open points: noise, and a screen in their language.
# event email_in in | Questions from maintenance
They ask about the make of controller, air use and availability of parts. Technology prepares the answers.
# event email out | Questionnaire on product and packaging
A two-page questionnaire sent. Without these figures a quote makes no sense, and the cover note says so.
# event email out | Reminder of missing data
A friendly reminder: product height and film type are missing. By Friday.
# event email out | Two possible solutions compared
Comparison sent: semi-automatic with one worker, or a line without. The difference pays back in two and a half years.
# event email out | Data sheet: {product}
Data sheet with dimensions and connections sent. On purpose without a price at this point.
# event visit out | Tour of production
Followed the product from filling to the warehouse. Most time is lost in labelling by hand.
The machine stands still 20% of the time, mostly because of badly wound film. Advice: film first, then the machine.
Production is tidy, the packing room is not. The team wants the change, a good sign.
# event visit out | Measuring the space for the machine
Measured: 6.2 × 3.1 m, height 2.9 m. The door is 1.4 m wide, the machine goes in only in pieces.
The floor will carry it, compressed air is 12 m away. Technology makes the sketch.
# event visit out | Visit with our technologist ({town})
Feasible, says the technologist, if we lower the infeed. Condition: a test with their product.
Went through all the formats. One is not fit for machine packing; the customer accepts that.
# event visit out | Filming the present packing
Filmed one hour on the line. The real rate is 17, not 25 as the office believes.
# event visit out | Watching the afternoon shift
Fewer people and more stoppages in the afternoon. The shift leader badly needs an easier format change.
# event visit_in in | Tour of our assembly shop
They saw three machines at different stages. The workmanship convinced them, now they want figures.
# event visit_in in | They brought their own products
Five products in the present packaging. They leave them with us for testing.
# event meeting out | Meeting with production management
Priorities set: 1. rejects, 2. format change, 3. rate. That is what we will be judged by.
Production is in favour, maintenance against yet another make. We must show that service is near.
# event meeting out | Meeting with purchasing
Procedure: three quotes, technical assessment, talks with the best two. Decision in about three months.
# event meeting out | Agreeing requirements across departments
Production, quality, maintenance and purchasing at one table. For the first time all requirements are on one sheet; they send it signed.
# event video_meeting out | Video meeting on technical requirements
Every requirement gone through, three remain open. Minutes with names and dates go out tomorrow.
# event video_meeting out | Video meeting with their head office
Head office must approve the supplier. They want an audit and a sustainability questionnaire.
# event enquiry in | Additional enquiry: {product}
They want this besides the main project. Smaller quantities, no date set.
# event fair out | Second talk at the fair
What we agreed last time holds, the project is alive. This time they brought purchasing along.
# event invitation out | Invitation to visit a reference customer
Possible next week. We arrange the drive, three people come from their side.
# event internal_meeting internal | Talk: is this project for us
Technically feasible, production has room in four months. We go on.
The product is at the edge of our range. First a test, only then a quote.
# product_record interest in | Interest in a higher rate
The present machine does 18 a minute, they need at least 35.
They expect more orders in half a year and want the machine by then.
# product_record interest in FO-RC | Interest in recyclable film
A retail chain demands packaging from a single material. They want to know the price and how it runs.
# product_record objection in | Objection: not enough space
They believe a line will not fit the packing room. Prepare an L-shaped layout.
# product_record objection in | Objection: batches too small
They fear that small batches will not pay back. Answer: a calculation with the format change.
# product_record objection in | Objection: no fitter of their own
They have no maintenance. We propose a service contract with a response within 24 hours.
# product_record competitor_product in | A competitor is preparing a quote
Another supplier has been there, the quote is expected this month.
# product_record competitor_product in | Present machine: a German make
A very good machine, but dear to maintain. Every service call includes the drive from Germany.
# task - internal | Write up the visit
Send the customer the minutes with open questions within two days, while the talk is fresh.
# task - internal | Check feasibility with the technologist
Check size, product temperature and film. Answer: yes, no, or on what condition.
Question for technology: will this product run on the machine ({product})?
# task - internal | Draw the machine into the floor plan
Mind the pillar, the door and the path of the fork-lift. A sketch with dimensions will do.
# task - internal | Calculate the capacity of the line
Work out the rate for every format, format changes included.
# task - internal | Get the film data
Get the data sheet and sealing temperature from the film supplier.
# task - internal | Check connections and air use
Power, air, extraction. Is their compressor big enough?
# task - internal | Collect references in the trade
Three references with the name of someone to call. Get their consent first.
""")
