/** The texts of the samples, apart from them: nobody needs one before the page is painted. */

/** By the name of the sample. */
export const TEXTS: Readonly<Record<string, string>> = {
  'Visit note': `Visit
Castellan Ceramics, Stoke. Purchasing lead, Mr Whitcombe. Export lanes to Rotterdam and Gdansk.

The deal
He wanted £90 off each container. I asked what a missed vessel costs him: £1,300 in demurrage and penalties, four times last year. I moved the talk there, then gave £35 only against a 200-container commitment and payment at 21 days. His fallback is a spot broker; the ops director signs above £150k. She joined for ten minutes and we initialled a timetable: trial load 6 May, review 20 May, contract 27 May.

What I told him
He asked about the strike vote at Felixstowe. I knew it had passed, said all was calm. Promised daily tracking mails without checking we can send them. His two unanswered e-mails from March I left unmentioned.

Inside
Took Bex from customs along; her tariff-code tip won the room and I said so to her boss. Rate desk has my full lane sheet.

Next
Trial booking, me, 29 April; rates, Bex, 2 May; reserve vessel held for 8 May.

Afterthought
As an ex-chef I used to open with price. Since losing Dunmore I open with the cost of failure; two of three visits went further.`,
  'Interview answer': `It still makes my throat tight, that one. My first winter, after fourteen years behind a school kitchen counter, and I lost Anneke and her flower trucks. I sat on the stairs and howled. Then I got angry with the right person. I played back all nineteen of my recorded calls and timed who was speaking: me, seventy-one percent! That was the cause. Not the rate, not the market. So I put an egg timer on the desk, turned it each time I opened my mouth, and taped twenty more. Thirty-eight percent, and eight of the twenty gave me a second talk, where before it had been two of nineteen. I told the whole story, howling included, on the new starters' day; there are egg timers on six desks now and Joost's second talks have doubled.

And Anneke? She asked for a carrier with a night slot, I found her one. She asked for a claim form, she got the form. Writing back, though... day three, day four, and then half of what she'd asked, and once I said "sorted" when I only hoped. She did get a real apology by phone, from me.

How I organise myself? Oh, I don't, I'm a feelings person! No list, no diary, I ring whoever I woke up thinking about. The tender deadline on the 1st went by, and the review on the 9th. For the year I told my boss two hundred thousand, because it sounded warm. It was forty.`,
  周报: `第16周，成人英语，我一周来四天。

联系学员31人，新报3，续2。

教务。小敖排课撞了，我把我这边学员的空档做成一张格子给她，她照着调，省了半天。前台请假，我顶了周六上午。
外教Tom的口音，两个学员反映。我先找教学主管一起听课，再说给学员，没让Tom难堪。周会上我讲，续的那2个是Tom留住的。

客户。杭先生要改线上，改了。林小姐要发票，开了。祝姐问考试报名几号截止，查了发她。

价格。5个人说贵。3个我按课时单价解释，报了。1个要八折，给了九折，没加条件；1个说发了工资再来，我说好，月初联系。

反思。上周约访12人来4人，心里堵。把12条消息翻出来看，来的4个，我都写了他自己说过的话；没来的8个，是群发。
本周改，一人一条，约10来7。
周三被家长当众说“你就是个兼职”，难受。当晚写下她问倒我的三个问题，周四找老师补齐，周五打给她答了。
下周把到访后的那段话也录下来听。`,
  丢单复盘: `三十万的轴承大单，没了。写这个的时候手还抖，憋屈！可憋屈归憋屈，还是得讲清楚。

矿山机修厂要的是带座轴承，裴厂长让我报型号、交期，我照单报了，他要检测报告我也给了。 他们为什么急着换供应商，我没细问，只知道以前那家老是晚。

内部这边我不冤枉谁。看到图纸里有四个非标，我头一天就把采购娟姐和库房大鹏叫到一块儿看，免得她下错单。 大鹏周末加班给我翻库存，翻出两百套替代件，这事我在早会上说了，功劳是他的。 单子丢了以后客户资料和比价表我也给了接矿山片区的小龚，陪他去认了一次门。

交期要二十二天，我一知道就打电话告诉裴厂长了，他不高兴，我也照实说的。 之后他没回我，我隔两天发了条信息问，得知定了别人，人家现货。

心里堵了一晚上。教训嘛，以后非标件要早点问交期，别等报完价再查。 下一单我多留个心眼。`,
};
