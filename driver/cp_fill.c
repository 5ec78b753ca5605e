// SPDX-License-Identifier: GPL-2.0
/* Third pass: the pages' absolute addresses go into the IDAWs. */
#include "cp_int.h"

static struct cp_page *find_page(const struct cp *cp, u64 gfn, u32 *hint)
{
	if (*hint < cp->pages.n && page(cp, *hint)->gfn == gfn)
		return page(cp, *hint);
	if (*hint + 1 < cp->pages.n && page(cp, *hint + 1)->gfn == gfn)
		return page(cp, ++*hint);
	*hint = cp_page_index(cp, gfn);
	return page(cp, *hint); /* there: cp_want_page() saw every address of every IDAL */
}

void cp_fill(struct cp *cp)
{
	u32 i, k, hint = 0;

	for (i = 0; i < cp->idals.n; i++) {
		struct cp_idal *rec = idal(cp, i);
		const struct cp_page *p;
		bool noted = false;

		for (k = 0; k < rec->n; k++) {
			u64 addr = be64_to_cpu(rec->idaw[k]), hpa = CP_PAGE_BAD;
			u8 why = VFIO_CCW_WHY_PAGE;

			if (!cp_guest_bad(addr)) {
				p = find_page(cp, addr >> FRAME_SHIFT, &hint);
				if (p->in || !rec->in)
					hpa = p->hpa;
			}
			if (hpa != CP_PAGE_BAD) {
				rec->idaw[k] = cpu_to_be64(hpa | (addr & (FRAME_SIZE - 1)));
				continue;
			}
			if (cp_guest_bad(addr)) {
				why = CP_GUEST_WHY(addr);
				addr = rec->guest;
			}
			if (!noted)
				cp_note_bad(cp, why, rec->guest, addr, rec->spare);
			noted = true;
			if (!k) { /* any first IDAW is valid: the CCW itself must be refused */
				cp_put_bad(rec->ccw);
				break;
			}
			rec->idaw[k] = cpu_to_be64(CP_IDAW_BAD);
		}
	}
}
