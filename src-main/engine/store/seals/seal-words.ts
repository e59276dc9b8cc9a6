// The words of seal names: 256 in each list, by the value of one byte. No word is in two lists, and none reads as
// hexadecimal digits, so that a part of a name says by itself which part it is. Their order never changes: names would.

export const adjectives: readonly string[] = words(`
  able agile airy alert amber ample apt aqua avid azure balmy beige big black blithe blue bold bonny brave breezy
  brief bright brisk broad bronze brown busy calm candid casual cheery chief chilly civil clean clear clever close
  cloudy comfy cool copper coral cosy cream crisp cubic curly dainty dapper daring dear deep deft dewy direct dotted
  downy dreamy dry dusky dusty eager easy elder equal even exact fabled fair famous fancy fast fine firm first fit
  fleet floral fluent fluffy fond formal frank free fresh frosty full funny fuzzy gentle giant gilded glad glossy
  golden good grand great green grey handy happy hardy hazel hazy hearty hidden high honest huge humble humid icy
  ideal idle indigo inner ivory jaunty jolly jovial joyful just keen kind lanky large late latent lavish leafy lean
  level light lilac lime linen little lively local lofty lone long loud loyal lucid lucky lunar magic main major
  maroon mellow merry mighty mild mint misty modest mossy muted narrow native neat new nice nimble noble novel oaken
  olive open orange oval pale peach pearly perky pink placid plain plucky plum polar prime proud pure quick quiet
  rainy rapid rare ready red regal rich ripe rosy round royal ruby safe sage salty sandy shady sharp shiny short shy
  sleek slim slow small smart snowy snug soft solar solid sonic sound spare spry steep still stout sunny sure sweet
  swift tall tame tawny teal tidy tiny topaz true upper urban vast vital vivid warm wary white whole wide wild wise
  witty young zany zesty
`)

export const nouns: readonly string[] = words(`
  acorn alder alpaca anchor antler apple arch aspen aster atlas aurora badger bamboo banjo barley barn basil basin bay
  beacon bear beaver beetle bell berry birch bison bloom boat book bough breeze brick bridge brook bucket burrow bush
  butter button cabin cactus camel candle canoe canyon carrot castle cat cave cedar cello cherry cicada circle citrus
  clam cliff cloud clover coast cobra cocoa comet condor cookie cove cow coyote crab cradle crane crater creek crow
  crown daisy dale dawn deer delta desert dingo donkey dove dragon drum duck dune eagle echo egret elk elm ember emu
  falcon fawn fern ferry fiddle field fig finch fir fjord flame flute forest fox frog galaxy garden garnet gecko
  geyser ginger glade globe goat goose gopher grape grove guitar gull hamlet harbor hare harp hawk hedge heron hill
  honey horse ibex ibis iguana inlet iris island ivy jackal jaguar jay jungle kayak kelp kettle kite kitten kiwi koala
  lagoon lake lamb larch lark laurel lava lemon lemur lily lion lizard llama locket lotus lynx magpie mango maple
  marble marten meadow melon meteor mill mole moon moose moss moth mouse nebula nest newt nutmeg oak oasis ocean opal
  orchid osprey otter owl oyster paddle palm panda parrot path pearl pebble pepper petal pigeon pine plover pond pony
  poplar poppy puffin puma quail quartz rabbit raft rain ranger raven reef ribbon ridge river robin rocket rose saddle
  salmon seal shell shore sky sloth snail star stork sun swan tiger toad tower trout tulip vine water wave whale wind
  wolf wren yak zebra
`)

export const verbs: readonly string[] = words(`
  acts adds admires adopts aims answers appears arrives asks assists awakes bakes bathes beams begins blinks blushes
  bobs boosts bounces bows brews brings browses builds bustles buys calls camps cares carries carves casts catches
  cheers chirps chooses claps climbs coasts comes cooks counts crafts cruises cuddles cures curls cycles dances darts
  dashes dives dozes drafts draws dreams dresses drifts drinks drives drums dwells earns eats echoes edits enjoys
  enters evolves fetches fills finds fishes fixes flies flips floats flows folds follows forages forms frolics gallops
  gathers gazes giggles gives gleams glides glows goes greets grins grows guards guesses guides handles hatches hears
  helps hides hikes hops hovers hugs hums hurries invents invites jogs joins jokes juggles jumps keeps knits knows
  lands lasts laughs leads leaps learns lifts lights likes listens lives looks loves makes marches meets melts mends
  mingles mixes moves mows murmurs muses naps nestles nods notices nudges offers opens orbits packs paints parades
  parks passes pauses peeks perches picks plans plants plays points ponders pours praises prances prints purrs puzzles
  races rafts rambles reads recalls relaxes repairs rests returns rides rings ripens rises roams roars rolls rows runs
  rustles sails saves says sees sews shares shines sings sips sits skates skips sleeps slides smiles snores soars
  sorts speaks spins stands stays steers stirs strums surfs surges sways swims swings swirls talks tames tastes tells
  tends thanks thinks tours trades trails trains treads treks trots trusts turns types unites views visits waits wakes
  walks waves weaves winks wins wishes works wraps writes yawns yields zooms
`)

export const adverbs: readonly string[] = words(`
  ably abroad afar again aglow ahead airily alike almost aloft aloud always amply anew apart aptly ashore aside avidly
  backward blithely boldly bravely briefly brightly briskly broadly calmly candidly capably casually cheerily chiefly
  civilly cleanly clearly cleverly closely coolly cosily crisply daringly dearly deeply deftly directly downhill
  dreamily drily duly eagerly easily eastward elsewhere evenly exactly expertly fairly famously finely firmly fleetly
  fluently fondly formally forward frankly freely freshly fully gaily gallantly gamely gently gladly globally grandly
  greatly halfway handily happily hardily heartily highly homeward honestly humbly ideally indeed indoors inland
  instead inwardly jauntily jointly jokingly jollily jovially joyfully joyously justly keenly kindly largely lastly
  lavishly leisurely lightly likewise locally loosely loudly lovingly loyally lucidly luckily mainly maybe meanwhile
  meekly mellowly merrily midway mightily mildly mindfully modestly mostly mutually namely nearby nearly neatly newly
  nicely nimbly nobly nonstop northward notably offshore often onward openly outdoors outward overhead overtly
  patiently perfectly perhaps plainly playfully politely prettily promptly properly proudly purely quaintly quickly
  quietly quite rapidly rarely rather readily really regally richly rightly robustly roundly royally ruggedly safely
  sagely sanely seaward secretly securely seldom serenely sharply shyly sideways silently simply sincerely skyward
  sleekly sleepily slowly slyly smartly smoothly snugly softly solely solidly somehow soon soundly speedily spryly
  stably starkly steadily stoutly strictly strongly sturdily suavely subtly suddenly sunnily surely sweetly swiftly
  tamely tautly tenderly thickly thinly thrice tidily tightly together totally truly trustily twice underway uphill
  upstairs upstream upward urgently usefully usually validly vastly verbally visibly visually vividly warmly westward
  wholly widely wildly wisely wittily worthily wryly yonder
`)

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/)
}
