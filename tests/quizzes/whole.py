"""A quiz with every kind of question and every rule of the engine: what random walks go through."""

WHOLE = """
id: whole
title: {ru: Всё, en: Everything}
languages: [ru, en, de]
intro: {ru: "Здравствуйте, {{ first_name }}!", en: "Hello, {{ first_name }}!"}
confirm: true
groups:
  facts: {shuffle: true, pick: 2}
alerts:
  - {when: {question: mood, at_most: 2}, text: "{{ first_name }}: настроение {{ mood }}"}
  - {when: {score: {at_least: 500}}, text: "Много: {{ score }}"}
questions:
  - {id: hello, kind: statement, text: {ru: Начнём, en: Let us begin}, button: {ru: Поехали, en: Go}}
  - id: drink
    kind: choice
    text: {ru: Что пьёте?, en: What do you drink?}
    shuffle: true
    refusable: true
    other: {ru: Другое, en: Other}
    options:
      - {id: tea, text: {ru: Чай, en: Tea}, score: 1, scores: {calm: 2}, tags: [tea]}
      - {id: coffee, text: {ru: Кофе, en: Coffee}, score: 2, scores: {lively: 2}, tags: [coffee, Бодрый]}
      - {id: water, text: {ru: Воду, en: Water}, set_score: 100}
  - id: why
    kind: text
    when: {question: drink, is: other}
    text: {ru: Почему?, en: Why?}
    score: 3
    tags: [wrote]
    saves: why
  - id: with
    kind: several
    text: {ru: С чем?, en: With what?}
    other: {ru: Своё, en: My own}
    min: 1
    max: 2
    options:
      - {id: milk, text: {ru: Молоко, en: Milk}, score: 1}
      - {id: sugar, text: {ru: Сахар, en: Sugar}, score: 1, tags: [sweet]}
      - {id: lemon, text: {ru: Лимон, en: Lemon}, scores: {lively: 1}}
  - {id: mood, kind: scale, text: {ru: Настроение?, en: Mood?}, low: {ru: плохо, en: bad},
     high: {ru: отлично, en: great}, scored: true}
  - {id: rate, kind: stars, text: {ru: Звёзды?, en: Stars?}, scores_as: lively, optional: true}
  - id: two
    kind: number
    group: facts
    text: {ru: Дважды два?, en: Twice two?}
    right: 4
    feedback: {right: {ru: Верно!, en: Right!}, wrong: {ru: Увы, en: Alas}}
  - id: capital
    kind: text
    group: facts
    text: {ru: Столица Франции?, en: Capital of France?}
    right: [Париж, Paris]
    time_limit_seconds: 30
  - id: primes
    kind: several
    group: facts
    text: {ru: Простые числа?, en: Primes?}
    options:
      - {id: p2, text: "2", right: true}
      - {id: p4, text: "4", feedback: {ru: 4 — это 2×2, en: 4 is 2×2}}
      - {id: p5, text: "5", right: true}
  - id: online
    kind: yes_no
    text: {ru: Онлайн?, en: Online?}
    yes: {score: 5, tags: [online]}
    no: {set_score: 50}
    finish_when: {all: [{question: online, is: no}, {question: drink, is: rather_not_say}]}
  - {id: born, kind: date, text: {ru: Родились?, en: Born?}, max: today, min: 1900-01-01, optional: true,
     saves: birthday}
  - {id: income, kind: number, text: {ru: Доход?, en: Income?}, refusable: true,
     when: {question: online, is: yes}}
  - {id: spot, kind: location, text: {ru: Где вы?, en: Where are you?}, optional: true,
     when: {top_score: lively}}
  - {id: phone, kind: contact, text: {ru: Телефон?, en: Phone?}, optional: true, when: {tag: tea}}
  - {id: news, kind: consent, purpose: partners,
     text: {ru: "Письма партнёров, {{ first_name }}?", en: Partners?}}
  - {id: club, kind: join, channel: "@kvizor_club", text: {ru: Вступите, en: Join}, optional: true}
results:
  - id: bright
    when: {any: [{right: {at_least: 2}}, {score: {of: lively, at_least: 6}}]}
    text: {ru: "Верно {{ right }} из {{ asked }}, очков {{ score }}, {{ scores.lively }}", en: "{{ right }}"}
    segment: bright
    tags: [bright]
    share: {ru: Поделиться, en: Share}
    share_text: {ru: "У меня {{ score }}!", en: "I have {{ score }}!"}
  - id: german
    when: {language: de}
    text: {ru: Немец, de: Deutsch}
  - id: plain
    text: {ru: "Спасибо, {{ first_name }}: {{ drink | default: \\"—\\" }}", en: Thank you}
"""
