/* The dimensions a mention counts in. */
#include "detector/count.h"

#include "detector/complaint.h"

size_t count_dimensions(struct arena *a, const struct post *post, const struct verdict *v, const char *out[DIMENSIONS_OF_MENTION])
{
	size_t n = 0;
	if (v->own) {
		out[n++] = "own";
		return n;
	}
	out[n++] = "all";
	out[n++] = label_names[v->label];
	if (v->complaint >= COMPLAINT_FROM) {
		out[n++] = "complaint";
		if (v->category != CAT_NONE)
			out[n++] = arena_printf(a, "category:%s", category_names[v->category]).p;
	}
	if (post->family.n)
		out[n++] = arena_printf(a, "source:%.*s", STR_FMT(post->family)).p;
	return n;
}
