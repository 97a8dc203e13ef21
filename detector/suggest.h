/* Terms for the word lists that no rule knows yet: word groups that negative or complaining mentions use far more than the others.
 *
 * Of each mention only what no brand, complaint or sentiment rule covers is looked at. Groups are compared by the number of
 * texts they stand in, with the log-likelihood ratio G² (Dunning, "Accurate Methods for the Statistics of Surprise and
 * Coincidence", 1993). A Han group has to hold together (normalised mutual information of its weakest joint) and to stand free (the
 * entropy of what comes before and after it); a Latin one neither begins nor ends with a function word. Of groups that lie in one
 * another the strongest is kept. Pure. */
#ifndef EARSHOT_DETECTOR_SUGGEST_H
#define EARSHOT_DETECTOR_SUGGEST_H

#include "common/base/buf.h"
#include "common/base/tally.h"
#include "common/text/scan.h"
#include "detector/grams.h"
#include <earshot/verdict.h>

#define SUGGEST_TEXTS 60000 /* of each kind; further mentions are counted but not read */
#define SUGGEST_TEXT_BYTES 1500 /* of one mention: an article would drown the posts */
#define SUGGEST_SAMPLES 3

struct suggest_text {
	struct str plain, walled; /* folded text; the same with walls over what rules cover */
	enum category category;
	bool is_bad, is_complaint;
};

struct suggest {
	struct arena arena;
	struct suggest_text *text;
	size_t n, nbad, nrest, untaken;
	struct tally copies; /* texts that were seen: a copied post says nothing new */
	struct buf joined; /* the mention at hand */
};

void suggest_init(struct suggest *s);
void suggest_release(struct suggest *s);
/* A mention as it was scanned and judged. */
void suggest_add(struct suggest *s, const struct scanned *scanned, const struct verdict *v);

struct suggestion {
	struct str term;
	double g2;
	uint32_t bad, rest; /* texts it stands in */
	bool is_complaint; /* for the complaint list, else for the sentiment list */
	enum category category; /* the commonest of its complaints */
	float weight; /* as it would stand in the list */
	struct str sample[SUGGEST_SAMPLES]; /* folded text around it */
	size_t nsamples;
};
/* The best `most`, strongest first; in at least `support` negative texts. Lives in the arena of `s`. */
size_t suggest_find(struct suggest *s, size_t most, uint32_t support, struct suggestion **out);

/* G² of a of na against b of nb; 0 when it is not more frequent in the first. */
double suggest_g2(double a, double na, double b, double nb);

#endif
