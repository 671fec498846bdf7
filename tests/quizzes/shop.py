"""A quiz of every kind with branches, points, tags and results: what most tests walk through."""

SHOP = """
id: shop
title: {ru: Магазин, en: A shop}
languages: [ru, en]
intro: {ru: "Здравствуйте, {{ first_name }}!", en: "Hello, {{ first_name }}!"}
questions:
  - id: role
    kind: choice
    text: {ru: Кто вы?, en: Who are you?}
    options:
      - {id: owner, text: {ru: Владелец, en: Owner}, score: 10, tags: [Свой]}
      - {id: guest, text: {ru: Гость, en: Guest}, score: 1}
  - id: team
    kind: number
    text: {ru: Сколько вас?, en: How many are you?}
    when: {question: role, is: owner}
    integer: true
    min: 1
    max: 500
    saves: team_size
  - id: goals
    kind: several
    text: {ru: Чего хочется?, en: What do you want?}
    options:
      - {id: calm, text: {ru: Покоя, en: Calm}, score: 2}
      - {id: money, text: {ru: Денег, en: Money}, score: 3, tags: [money]}
      - {id: fame, text: {ru: Славы, en: Fame}, score: 4}
    max: 2
  - id: online
    kind: yes_no
    text: {ru: Продаёте в сети?, en: Do you sell online?}
    yes: {score: 5, tags: [online]}
  - id: city
    kind: text
    text: {ru: Ваш город?, en: Your city?}
    check: city
    optional: true
    saves: city
  - id: phone
    kind: contact
    text: {ru: Ваш телефон?, en: Your phone?}
    optional: true
results:
  - id: big
    when: {all: [{question: team, at_least: 10}, {tag: свой}]}
    text: {ru: '{{ first_name }}, город {{ city | default: "N" }}, вы большие', en: "You are big"}
    segment: big_owners
    tags: [big]
  - id: small
    text: {ru: "Спасибо, {{ first_name }}", en: "Thank you"}
"""
