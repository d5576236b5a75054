/* What the customer's pages gain with a script: they work without it. */
(function () {
	'use strict';
	var live = document.getElementById('live'), print = document.getElementById('print'), wait = 3000;
	var errors = document.getElementById('errors');

	function later() {
		setTimeout(look, wait);
		wait = Math.min(wait * 1.3, 30000);
	}
	/* Says that something is new, and leaves it to the person to look. */
	function look() {
		if (document.hidden) {
			later();
			return;
		}
		fetch(live.dataset.poll, {cache: 'no-store', credentials: 'same-origin'}).then(function (reply) {
			return reply.json();
		}).then(function (state) {
			if (state.mark === live.dataset.now) {
				later();
				return;
			}
			live.hidden = false;
			live.textContent = live.dataset.text;
		}).catch(later);
	}
	if (live)
		later();
	if (errors)
		errors.focus();
	if (print) {
		print.hidden = false;
		print.addEventListener('click', function () {
			window.print();
		});
	}
})();
