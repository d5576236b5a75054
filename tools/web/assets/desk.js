/* What makes the desk quicker; without it every page works. */
(function () {
	"use strict";

	/* Something is new: the parts that are marked are read again, unless somebody is typing in them. */
	function refresh(part) {
		var typing = part.contains(document.activeElement) && /INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName);
		if (typing || part.querySelector("input:checked, details[open]"))
			return;
		/* Who is like this customer is asked once: the node logs each answer as a view. */
		var alike = document.getElementById("alike"), again = alike && alike.hasAttribute("data-waits");
		var address = again ? location.href : location.href.replace(/[?&]alike=[^&]*/, "");
		fetch(address, {headers: {"Accept": "text/html"}, redirect: "error"}).then(function (answer) {
			return answer.ok ? answer.text() : "";
		}).then(function (text) {
			var page = new DOMParser().parseFromString(text, "text/html"), fresh = page.querySelector("[data-live]");
			if (again && page.getElementById("alike"))
				alike.replaceWith(page.getElementById("alike"));
			if (fresh && fresh.innerHTML !== part.innerHTML) {
				var id = document.activeElement && document.activeElement.getAttribute("href");
				part.innerHTML = fresh.innerHTML;
				var same = id && part.querySelector('a[href="' + CSS.escape(id) + '"]');
				if (same)
					same.focus();
			}
		}).catch(function () {});
	}

	var live = document.querySelector("[data-live]");
	if (live && window.EventSource)
		new EventSource("/changes").addEventListener("changed", function () { refresh(live); });

	var paper = document.querySelector("[data-print]");
	if (paper) {
		paper.hidden = false;
		paper.addEventListener("click", function () { print(); });
	}

	/* Who serves the address, while it is typed. */
	var where = document.querySelector("#new #where"), covers = document.getElementById("covers"), timer, last = "";
	function look() {
		if (where.value.trim().length < 3 || where.value === last)
			return;
		last = where.value;
		var body = new URLSearchParams({csrf: where.form.elements.csrf.value, where: where.value});
		fetch("/desk/who", {method: "POST", body: body, redirect: "error"}).then(function (answer) {
			return answer.ok ? answer.text() : "";
		}).then(function (text) {
			if (body.get("where") === where.value)
				covers.replaceChildren.apply(covers, new DOMParser().parseFromString(text, "text/html").body.childNodes);
		}).catch(function () {});
	}
	if (where && covers)
		where.addEventListener("input", function () {
			clearTimeout(timer);
			timer = setTimeout(look, 400);
		});
})();
