"""Customers of the stand-ins. All names are invented, the telephones and documents belong to nobody (area code 00, digits
that fail the check), and the streets do not exist."""
import datetime

PEOPLE = ("Zuleide Trovoada", "Abigail Pardal", "Otacílio Brandão do Ó", "Iracema Conceição", "Benvinda Quaresma",
          "Adamastor Ventania", "Filó Ramalhete", "Ubirajara Açucena", "Leocádia Mourão", "Zeferino Alfazema")
STREETS = ("Rua do Sabiá", "Travessa da Pitangueira", "Avenida Beira-Açude", "Rua José Inventado", "Beco do Jatobá")
SECRET = "senha-Canario-77"  # what some ERPs send along with a customer: it must be in no log


def person(number):
    name = PEOPLE[number % len(PEOPLE)] + (f" {number // len(PEOPLE) + 1}º" if number >= len(PEOPLE) else "")
    return {"name": name, "phone": f"00900{number:06}", "document": f"{number:011}", "street": STREETS[number % len(STREETS)],
            "house": "S/N" if number % 7 == 3 else str(100 + number), "quarter": "Centro", "cep": "29300-100",
            "city": "Cachoeiro de Itapemirim", "ibge": "3201209", "uf": "ES"}


def day(days_ago=0):
    """A date some days ago in the zone of the stand-ins, which is UTC. Never fixed, so that no test ages."""
    return datetime.datetime.now(datetime.timezone.utc).date() - datetime.timedelta(days=days_ago)
