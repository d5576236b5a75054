"""Configurations of vizinho-erp for each stand-in, and what a test says about each ERP."""
import os

import hubsoft
import ixc
import sgp
import voalle

CANARY = {"name": "Canária Zuleica Trinado", "phone": "+5528987650001", "address": "Rua do Canário Secreto, 4711",
          "plan": "500 Mega", "date": "2031-05-17"}
# What may be in no log, whatever an ERP or a node says: of the lead, and what ERPs send along.
SECRETS = ("Canária", "Canaria", "Zuleica", "987650001", "Canário", "Canario", "Secreto", "2031-05-17", "00900000", "Trovoada", "Pardal",
           "Brandão", "Conceição", "Quaresma", "Ventania")


class Erp:
    """A kind of ERP: its stand-in, its configuration, and the staff's actions under one set of names."""

    def __init__(self, kind, make, token, user, section, reasons="", moves="", cancellations="ticked"):
        self.kind, self.make, self.token, self.user, self.section = kind, make, token, user, section
        self.reasons, self.moves, self.cancellations = reasons, moves, cancellations

    def conf(self, erp, folder, socket=None, **keys):
        """Writes erp.conf and the token; returns the name of the file. `keys` replace keys of [erp], [drafts], [leads]."""
        token_path, path = (os.path.join(folder, f"{self.kind}.{x}") for x in ("token", "conf"))
        with open(token_path, "w") as f:
            f.write(self.token(erp) + "\n")
        os.chmod(token_path, 0o600)
        user = self.user(erp)
        sections = {"erp": {"kind": self.kind, "url": erp.url, **({"user": user} if user else {}), "token_file": token_path,
                            "rate_per_minute": 600, "timeout_s": 2, "interval_s": 10, "zone": "+00:00"},
                    "drafts": {"cancellations": self.cancellations, "move_reasons": self.reasons, "move_subjects": self.moves, "first_days": 30},
                    "leads": {"write": "held"}, self.kind: self.section(erp)}
        if socket:
            sections["node"] = {"socket": socket}
        for section in sections.values():
            section.update({k: keys.pop(k) for k in list(keys) if k in section})
        sections["erp"].update(keys)
        with open(path, "w") as f:
            for name, section in sections.items():
                f.write(f"[{name}]\n" + "".join(f"{k} = {v}\n" for k, v in section.items() if v != ""))
        return path


def secret_of(erp):
    return f"{erp.client['client_secret']}:{erp.client.get('password') or erp.client['syndata']}"


KINDS = {
    "ixc": Erp("ixc", ixc.Ixc, lambda e: e.token, lambda e: "", lambda e: {}, reasons="1, 4", moves="2, 4"),
    "hubsoft": Erp("hubsoft", hubsoft.Hubsoft, secret_of, lambda e: e.client["username"],
                   lambda e: {"client_id": e.client["client_id"], "service": 10, "price": "99.90"}, reasons="3, 9", moves="21"),
    "sgp": Erp("sgp", sgp.Sgp, lambda e: e.secret, lambda e: "", lambda e: {"app": e.app}, reasons="3, 4", moves="5"),
    "voalle": Erp("voalle", voalle.Voalle, secret_of, lambda e: e.client["client_id"],
                  lambda e: {"sign_in": e.sign_in.url, "contact_origin": e.integrator_data["crmContactOriginCode"],
                             "form": e.integrator_data["crmFormCode"], "alias": e.integrator_data["integratorAlias"], "code": "7"},
                  cancellations="all"),
}
