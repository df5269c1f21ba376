"""English lines: samples and tests, and presenting the solution."""

from veriga.demo.content.reader import read_lines

LINES = read_lines("""
== sample
# event call out | Arranging a test
They prepare 50 kg of product and two reels of their film. The test takes place in our workshop.
They are for a test, but only with the largest format. Quantities and date to be confirmed by e-mail.
# event call_in in | They are sending us their product
A pallet is on its way, here in two days. They ask us to measure rejects too.
# event email_in in | Delivery for the test announced
Coming: three formats, 200 pieces each. Short shelf life, the test must be this week.
# event visit out | Collecting products for the test
Collected at the customer's, as they cannot be shipped. Measured the height of the delivery table as well.
# task - internal | Take in the products for the test
Count and photograph on arrival. The cold chain must not be broken.
# task - internal | Order film for the test
Two reels, 420 mm wide. If the supplier is late, take something similar from stock.
# task - internal | Prepare the machine for the test
Set format parts and sealing temperature. Run the test the day before, without the customer.
# task - internal | Send the sample packs
Ten of each format, marked with the number of the setting. Enclose a cover sheet.
# task - internal | Check the seals for leaks
Water bath and vacuum test, results into the report.
# task - internal | Write the test report
Rate, rejects, film use, photos of the seals. No gloss, the customer was there.
Three pages at most, with proposed settings for the machine ({product}).
# event email out | Samples announced
Samples go out tomorrow by express. We ask quality and marketing to judge them.
# product_record sample_sent out | Sample packs sent
Twenty pieces in two formats, packed on: {product}.
A box of samples with the settings sent. Opinion expected in ten days.
Samples sent to the production site, one set to the managing director.
# product_record sample_sent out FO-OPP35 | Film sample sent
A reel of OPP 35 µm sent, to be tried on their present machine.
# product_record sample_sent out FO-RC | Recyclable film sample sent
Two reels sent for a test. The sealing temperature must be 8 °C below that of the present film.
# product_record sample_sent out ZP-12 | Samples with two kinds of seal
Packs with a flat and a ribbed seal sent, so that they can compare opening.
# product_record sample_sent out VP-15 | Sample stand-up pouches
Pouches in three sizes sent, empty and filled. They are to judge the shape of the base.
# product_record sample_sent out ET-5 | Label samples sent
Labels on three kinds of surface, to check adhesion in the cold store.
# product_record sample_sent out | Second round of samples sent
Settings changed after their remarks, the seal is 2 mm wider. Thirty pieces sent.
# event visit out | Samples handed over in person
Handed over, ten opened together. Opening is fine, they would like a narrower seal.
# event call out | Have the samples arrived?
They came yesterday and will be looked at by the end of the week.
The parcel lay at the gate, nobody picked it up. Now they know; answer on Friday.
# event call_in in | The samples have not arrived
No parcel yet, tracking says it is in the courier's depot. We send another set rather than wait.
# event complaint in | Samples damaged on the way
Half the samples are crushed, the box was too thin. We send new ones in stronger packing.
# event call out | What they think of the samples
Marketing likes the look, quality wants a shelf-life test. Answer in three weeks.
Good, not perfect: the larger format wrinkles at the seal. We propose another test.
# event call_in in | The samples are fine
The samples passed their internal test. Quality has approved, now it is about price.
They call on their own: the samples will do, management has seen them. They want to go on.
# event call_in in | The samples will not do
Dropped from one metre the seal gives. Raise the temperature or change the film.
The colour of the film is wrong, the seal is fine. They need samples in the final film.
# event call_in in | They want samples of one more format
They also need a family pack. The product is on its way.
# event email_in in | Written opinion of the samples
Marks by department: quality 4, marketing 5, production 4. Two remarks, both can be solved.
# event email_in in | Results from their laboratory
Microbiology and tightness within limits. Shelf life grows by four days in the new pack.
# product_record test in | Test in our workshop
Two tests of an hour each: 38 a minute, 0.8% rejects. The customer was present.
The small format ran without a stop, the large one jammed twice. The guide needs changing.
# product_record test in | Test at the customer's: {product}
The demo machine worked two days in a normal shift. Operators got used to it in half an hour.
Test on site successful; the only limit is low air pressure at the end of the shift.
# product_record test in FO-RC | Test with recyclable film
The seal holds, the range of settings is narrower. The rate is 10% lower with this film.
# product_record test in VT-10 | Weighing test
Deviation under 1.5 g at 500 g. The rules for labelled quantity are met.
# product_record test in | Shelf-life test
Samples are in the chamber, results in 21 days.
# product_record test in | Test at full speed
Forty a minute for an hour without a stop. Film use is 6% below theirs.
# product_record test in OV-8 | Transport test on a pallet
The wrapped pallet went to Germany and back without the load moving.
# product_record objection in | Objection: the seal gives
With chilled product the seal opens at the corner. Technology proposes wider jaws.
# product_record objection in | Objection: looks of the pack
Marketing dislikes a crease on the front. A different guide would solve it.
# product_record objection in FO-RC | Objection: price of recyclable film
The film costs a fifth more. Answer: lower packaging fee and less material per pack.
# event visit out | Test on site ({town})
Machine set up in the packing room, first packs after two hours. Many questions from the team, few doubts.
Test stopped by a breakdown of their compressor, again in a week.
# event visit_in in | They came for the test in Celje
Three came, watched for two hours and did their own measuring. Their figures agree with ours.
# event video_meeting out | Test shown by video
They follow from afar, the camera is at the seal. Enough for a decision, no visit needed.
# event email out | Test report
Report of three pages and a film sent. Conclusion: the product is suitable, with a different film.
Results sent, with our proposal: {product}.
# event email out | Film of the test
Two parts sent, slow at the seal and a full cycle. We ask technology for an opinion.

== present
# task - internal | Adapt the presentation to the trade
Use examples and references the customer knows. Calculate with their quantities.
# task - internal | Prepare the demo machine
Clean it, set it to their format, have a spare reel of film ready.
Must run untouched on the day: {product}.
# task - internal | Make a 3D layout
In their floor plan, with the path of the fork-lift and the safety fence.
# task - internal | Prepare the payback calculation
Include labour, rejects, film and energy. A cautious and a likely version.
# task - internal | Arrange a visit to a reference customer
Call the reference customer and propose two dates. Thank them afterwards.
# task - internal | Check what CE marking requires
A line from several makers: who declares the whole? Have the answer before the presentation.
# event internal_meeting internal | Settling the proposal with technology
The version with one conveyor less is chosen. The price falls by 5%, the rate stays.
# event invitation out | Invitation to a demonstration
Production, quality and management are invited. Two hours of demonstration, then lunch.
Invitation to see: {product}. We ask them to bring their own product.
# event invitation out | Invitation to our showroom in Celje
Three dates proposed. We arrange the drive if more than five come.
# event call out | Call before the demonstration
Five are coming, finance too. They want to begin with figures, not with the machine.
# event demonstration out | Demonstration in Celje
The machine ran at full rate with hardly any rejects. Management left pleased.
Most interest in cleaning without tools. Nobody waved the price aside.
# event demonstration out | Presentation at their site ({town})
In their meeting room, samples on the table. Production is for it, purchasing waits to compare.
Three hours of slides and walking round. For the first time they named a date: start-up in eight months.
# event demonstration out | Format change demonstrated
Changed before their eyes in 11 minutes, the first time by their own worker.
# event demonstration out | Cleaning and maintenance demonstrated
Their fitters took the sealing unit apart and put it together. One remark: a screw is hard to reach.
# event demonstration out | Demonstration at a reference customer
The reference customer told the bad side too: the first month was hard. That is what impressed them.
# event demonstration out | Controls and screen demonstrated
A screen in their language, recipes for all formats. They also want to export data to their system.
# event demonstration out | Demonstration for management
Twenty minutes and figures. Management asks: what if turnover falls by a quarter?
# event demonstration out | Demonstration repeated for a new team
Part of the team has changed, so we showed it again. Fewer doubts than the first time.
# event demonstration out | Demo machine on trial
The machine stays with them for ten days. They fill in a sheet of stoppages and rejects daily.
# event meeting out | Presenting the concept
Of two versions they prefer the second, with less handling. They would keep their conveyor.
# event meeting out | Payback worked out on their figures
Worked out with their finance people: it pays back in 26 months. They believe it because the figures are theirs.
# event meeting out | Presentation to the board
The board is well disposed, and asks about the risk at start-up. Agreed: a schedule with buffer stock.
# event meeting out | Safety and CE marking
Risks gone through with their safety officer. A light curtain is needed at the delivery table.
# event video_meeting out | Solution presented online
Nine people from three sites. Slow because of the language; the films said more than words.
Presented: {product}. They ask for the recording and a one-page summary.
# event video_meeting out | Walk through the 3D layout
Walked through it together. The warehouse door has to move, or the line has to turn.
# event visit out | Proposal explained in the packing room
Explained right at the machine. The operator showed where it sticks every day – exactly what we solve.
# event visit out | Layout taped on the floor
The outline of the line is taped on the floor. Now everyone sees that it fits, with room for a pallet.
# event visit_in in | Visit from their managing director
Came without technicians. Asked about years of support, and who picks up the phone on Saturday.
# event visit_in in | Operators came to see the machine
Those who will work with it came. After an hour they ran it themselves.
# event visit_in in | A look at a line before it ships
They saw a line ready for another customer. They would like the same with a smaller buffer.
# event fair out | Machine running at the fair
They brought the team and timed it for half an hour. They compared us with a supplier two stands on.
# event email out | Slides and film after the meeting
Slides, film and the list of what was agreed sent. The next step is theirs.
# event email out | Savings calculated
Calculation sent: labour, film, rejects. The cautious version pays back in three years, the likely one in two.
# event email out | Concept and layout
Drawings of both versions with connections sent. Remarks expected in two weeks.
Concept sent. The main machine: {product}.
# event email out | Answers to questions from the presentation
All eleven questions answered, two of them subject to a test.
# event email_in in | Thanks for the demonstration
They thank us and praise the frankness about limits. Internal meeting in ten days.
# event email_in in | Remarks on the concept
Four remarks, the main one: access for cleaning from behind. Solved by turning it 90 degrees.
# event email_in in | More questions from the board
The board asks about the longest stoppage among our customers and about service over the holidays.
# event call out | Impressions after the demonstration
Good impression, but group purchasing decides. They arrange a meeting for us.
They liked all of it but the delivery time. Cut it to 14 weeks and we come first.
# event call_in in | The demonstration convinced them
They call the day after: no other suppliers will be invited if the price is sensible.
# event call_in in | They ask for another demonstration
Quality was missing, and there is no decision without it. They propose the date.
# event call_in in | Management wants a calculation
The technical side is approved. Management wants the payback on one page, by Wednesday.
# product_record interest in | Interest after the demonstration: {product}
Interest confirmed after the demonstration, they want the final version with one more format.
After the demonstration they lean towards this model, because it cleans faster.
# product_record interest in LP-60 | Interest in the faster version
With growth ahead they are interested in the LP-60 instead of the smaller one.
# product_record interest in VT-10 | Interest in a multihead weigher
Weighing by hand is slow and dear. Ten heads will do, speed does not decide.
# product_record objection in | Objection: hard to operate
They fear that only the fitter could set it up. Show them the recipes.
# product_record objection in | Objection: noise
A small packing room, the limit is 75 dB. Offer a cover over the knife.
# product_record objection in | Objection: cleaning time
Changing allergens may take 20 minutes at most. Check with technology.
# product_record competitor_product in | A competitor's machine is faster
They saw 60 a minute at a competitor's. The question is whether they need it.
""")
