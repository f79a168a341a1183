/// The style that all pages share. Figures line up, grades are told by shape and word as well as by colour, and every
/// text has a contrast of 4.5 to 1 or better against what it stands on, in light and in dark.
package enum ReportStyle {
    package static let css: StaticString = """
        :root{color-scheme:light dark;--bg:#f7f8f8;--panel:#fff;--ink:#1b2025;--muted:#57616b;--line:#e0e4e7;\
        --strong-line:#b9c1c8;--link:#0b5cad;--track:#e6e9ec;--mark:#1b2025;--series:#2a6fc4;--band:#2a6fc4;\
        --ready:#146c39;--ready-bg:#e5f4ea;--ready-fill:#43a06a;--risk:#855000;--risk-bg:#fdf0d9;--risk-fill:#e3a02b;\
        --bad:#ad221b;--bad-bg:#fdebea;--bad-fill:#d5473e;--unknown:#3d4f9f;--unknown-bg:#eceffa;\
        --unknown-fill:#8390cf;--silent:#57616b;--silent-bg:#edeff1;--silent-fill:#b9c1c8}
        @media (prefers-color-scheme:dark){:root{--bg:#14171a;--panel:#1b1f23;--ink:#e4e8eb;--muted:#9ea9b3;\
        --line:#2c333a;--strong-line:#4b555f;--link:#80bbff;--track:#2c333a;--mark:#f2f5f7;--series:#76b0f5;\
        --band:#5b93d6;--ready:#7fdba0;--ready-bg:#14301f;--ready-fill:#3f9a63;--risk:#f2c26d;--risk-bg:#37290f;\
        --risk-fill:#c88a1f;--bad:#ff9f97;--bad-bg:#421b1b;--bad-fill:#d9534a;--unknown:#b4bff6;--unknown-bg:#242b4b;\
        --unknown-fill:#7683cc;--silent:#aab4bd;--silent-bg:#282e34;--silent-fill:#59636d}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 -apple-system,"Segoe UI",Roboto,\
        "Helvetica Neue","Liberation Sans",Arial,system-ui,sans-serif;font-variant-numeric:tabular-nums lining-nums;\
        overflow-wrap:anywhere}
        main,.bar,.foot{max-width:1120px;margin:0 auto;padding:0 24px}
        h1,h2,h3,h4{line-height:1.25;margin:0;font-weight:600}
        h1{font-size:26px;letter-spacing:-.01em;text-wrap:balance}
        h2{font-size:18px;margin:0 0 4px}
        h3{font-size:15px;margin:20px 0 6px}
        p{margin:0 0 8px;max-width:84ch}
        a{color:var(--link);text-underline-offset:2px}
        a:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,summary:focus-visible,\
        [tabindex]:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
        code{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
        .muted,small{color:var(--muted)}
        small,.small{font-size:13px}
        .skip{position:absolute;left:-999em}
        .skip:focus{position:static;display:inline-block;margin:8px 24px}
        .out{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        .bar{display:flex;flex-wrap:wrap;gap:4px 20px;align-items:center;padding-top:14px;padding-bottom:14px}
        .brand{font-weight:650;letter-spacing:-.01em;color:var(--ink);text-decoration:none;display:inline-flex;\
        align-items:center;gap:8px}
        .brand svg{width:20px;height:20px;color:var(--series)}
        .foot{color:var(--muted);font-size:13px;padding-top:20px;padding-bottom:40px}
        main>section,.panel{background:var(--panel);border:1px solid var(--line);border-radius:10px;\
        padding:20px 24px;margin:0 0 16px}
        .two{display:grid;gap:0 32px;grid-template-columns:1fr 1fr}
        .two>div{min-width:0}
        main>.verdict{border-left-width:6px;padding:22px 24px}
        .verdict h1{margin:6px 0 8px}
        .verdict p:last-child{margin-bottom:0}
        .verdict .grade{font-size:15px}
        .verdict.ready{border-left-color:var(--ready-fill)}
        .verdict.risk{border-left-color:var(--risk-fill)}
        .verdict.bad{border-left-color:var(--bad-fill)}
        .verdict.unknown{border-left-color:var(--unknown-fill)}
        .verdict.silent{border-left-color:var(--silent-fill)}
        .grade{display:inline-flex;align-items:center;gap:6px;font-weight:650;font-size:12.5px;letter-spacing:.03em;\
        white-space:nowrap;padding:1px 9px 1px 6px;border-radius:999px;color:var(--c);background:var(--b)}
        .grade svg,.icon{width:1.05em;height:1.05em;flex:none;fill:currentColor;fill-rule:evenodd}
        .grade.ready{--c:var(--ready);--b:var(--ready-bg)}
        .grade.risk{--c:var(--risk);--b:var(--risk-bg)}
        .grade.bad{--c:var(--bad);--b:var(--bad-bg)}
        .grade.unknown{--c:var(--unknown);--b:var(--unknown-bg)}
        .grade.silent{--c:var(--silent);--b:var(--silent-bg)}
        .grade.note{--c:var(--muted);--b:var(--silent-bg)}
        .jump{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0 0 16px;padding:0 2px;font-size:14px;list-style:none}
        table{border-collapse:collapse;width:100%;font-size:14px}
        caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        th,td{text-align:left;vertical-align:baseline;padding:6px 14px 6px 0;border-top:1px solid var(--line);\
        font-weight:400}
        th:last-child,td:last-child{padding-right:0}
        thead th{color:var(--muted);font-size:12.5px;border-top:0;padding-top:0;vertical-align:bottom}
        tbody th{font-weight:500}
        .n{text-align:right;white-space:nowrap}
        .w{white-space:nowrap}
        td.t{min-width:24ch}
        tr.note td{border-top:0;padding-top:0;color:var(--muted);font-size:13px}
        tr.group th{padding-top:14px;font-weight:600}
        tr.follow td{border-top:0;padding-top:0}
        .scroll{overflow-x:auto;overflow-wrap:normal;margin:0 -24px;padding:0 24px}
        dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px;margin:0;font-size:14px}
        dl.facts dt{color:var(--muted)}
        dl.facts dd{margin:0;min-width:0}
        ul.notes,ul.plain{margin:6px 0 0;padding:0 0 0 18px;font-size:14px}
        ul.plain{list-style:none;padding:0}
        ul.notes li{margin:2px 0;max-width:84ch}
        .range{width:100%;min-width:150px;height:22px;display:block;overflow:visible}
        .range .ok{fill:var(--ready-fill);opacity:.28}
        .range .mid{fill:var(--risk-fill);opacity:.32}
        .range .over{fill:var(--bad-fill);opacity:.3}
        .range .between{fill:var(--mark);opacity:.42}
        .range .value{fill:var(--mark)}
        .range .bound{stroke:var(--mark);stroke-width:1;opacity:.55}
        .range text,.axis text,.inside text{font-size:11.5px;fill:var(--muted);font-variant-numeric:tabular-nums}
        .range .track{fill:var(--track)}
        .range .share.ready{fill:var(--ready-fill)}
        .range .share.risk{fill:var(--risk-fill)}
        .range .share.bad{fill:var(--bad-fill)}
        .range .share.unknown{fill:var(--unknown-fill)}
        td.chart{width:28%;vertical-align:middle}
        .findings{display:grid;gap:0 40px;grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
        .finding{border-top:1px solid var(--line);padding:14px 0 12px}
        .finding p{font-size:14px}
        .finding header{display:flex;flex-wrap:wrap;gap:4px 12px;align-items:center;margin-bottom:4px}
        .finding header code{color:var(--muted)}
        .finding h3{margin:0 0 4px;font-size:15px;font-weight:600;max-width:84ch}
        .finding .remedy{padding-left:22px;position:relative}
        .finding .remedy svg{position:absolute;left:0;top:.25em;width:15px;height:15px;fill:none;\
        stroke:var(--link);stroke-width:2}
        .finding .facts-line{color:var(--muted);font-size:13px;margin:0}
        .trail{display:grid;grid-template-columns:repeat(3,1fr);gap:12px;margin:12px 0 8px;padding:0;list-style:none}
        .trail>li{border:1px solid var(--line);border-radius:8px;padding:10px 14px;position:relative;min-width:0}
        .trail>li+li::before{content:"";position:absolute;left:-10px;top:50%;width:7px;height:7px;\
        border:solid var(--strong-line);border-width:2px 2px 0 0;transform:translateY(-50%) rotate(45deg)}
        .trail h3{margin:0 0 6px;font-size:14px}
        .trail .range{height:10px;margin-bottom:6px}
        .trail ul{font-size:13.5px}
        .chart-grid{display:grid;gap:8px 28px;grid-template-columns:1fr 1fr}
        figure.plot{margin:10px 0 6px;min-width:0}
        figure.plot figcaption{font-size:13.5px;margin-bottom:4px}
        figure.plot figcaption b{font-weight:600}
        .frame{display:grid;grid-template-columns:46px minmax(0,1fr);grid-template-rows:var(--plot,150px) 20px}
        .frame svg{width:100%;height:100%;display:block;overflow:visible}
        .frame .area{border-left:1px solid var(--strong-line);border-bottom:1px solid var(--strong-line)}
        .frame .axis.time{grid-column:2}
        .frame .values{width:40px;grid-row:1;grid-column:1}
        .frame .area,.frame .inside{grid-row:1;grid-column:2}
        .frame .values text{dominant-baseline:middle}
        .inside{pointer-events:none}
        .inside text{transform:translateY(-4px);paint-order:stroke;stroke:var(--panel);stroke-width:3px}
        .area path,.area line{vector-effect:non-scaling-stroke}
        .area .grid{stroke:var(--line);stroke-width:1}
        .area .target{stroke:var(--risk-fill);stroke-width:1.5;stroke-dasharray:6 4}
        .area .limit{stroke:var(--bad-fill);stroke-width:1.5}
        .area .mean{fill:none;stroke:var(--series);stroke-width:1.75;stroke-linejoin:round;stroke-linecap:round}
        .area .band{fill:var(--band);opacity:.38;stroke:none}
        .area .spread{fill:var(--band);opacity:.22;stroke:none}
        .area .dots{fill:none;stroke:var(--series);stroke-width:3;stroke-linecap:round}
        .area .lost{stroke:var(--bad-fill);stroke-width:1.5}
        .area .beyond{fill:none;stroke:var(--bad-fill);stroke-width:7;stroke-linecap:butt}
        .area .window{fill:var(--risk-fill);opacity:.16}
        .area .box{fill:var(--series)}
        .area .whisker{stroke:var(--series);stroke-width:1.25;opacity:.75}
        .inside{position:relative}
        .inside text.of-target{fill:var(--risk)}
        .inside text.of-limit{fill:var(--bad)}
        .key{display:flex;flex-wrap:wrap;gap:2px 18px;font-size:13px;color:var(--muted);margin:4px 0 0;padding:0;\
        list-style:none}
        .key li{display:inline-flex;align-items:center;gap:6px}
        .key svg.area{width:22px;height:10px}
        .certificate{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:24px 28px;\
        max-width:860px;margin:0 auto 16px;font-size:14px}
        .certificate .verdict{border-left:6px solid;padding-left:16px;margin-bottom:14px}
        .certificate .verdict.ready{border-color:var(--ready-fill)}
        .certificate .verdict.bad{border-color:var(--bad-fill)}
        .certificate .verdict.unknown{border-color:var(--unknown-fill)}
        .certificate .kind{margin:0;color:var(--muted);font-size:13px}
        .certificate h1{font-size:21px;margin:2px 0 0}
        .certificate h1 .grade{font-size:17px;padding:3px 14px 3px 10px;vertical-align:2px;margin-right:4px}
        .certificate h2{font-size:14px;margin:14px 0 3px}
        .certificate table{font-size:13px}
        .certificate dl.facts{grid-template-columns:max-content 1fr max-content 1fr}
        .certificate th,.certificate td{padding-top:3px;padding-bottom:3px}
        .certificate tr.group th{padding-top:6px}
        .certificate .scroll{margin:0;padding:0}
        .certificate li{margin:2px 0}
        .certificate ul.notes{columns:2;column-gap:32px}
        .certificate ul.notes li{break-inside:avoid}
        .signatures{display:grid;grid-template-columns:repeat(3,1fr);gap:0 28px;margin:22px 0 14px}
        .signatures p{margin:4px 0 0;font-size:13px}
        .signatures .line{border-top:1px solid var(--strong-line);color:var(--muted);font-size:11.5px;\
        margin-top:34px;padding-top:2px}
        .signatures .line+.line{margin-top:26px}
        ul.rules li{display:flex;gap:8px;align-items:baseline;margin:3px 0}
        details>summary{cursor:pointer;font-size:14px;color:var(--link);padding:4px 0}
        @media screen and (max-width:760px){
        main,.bar,.foot{padding-left:14px;padding-right:14px}
        main>section,.panel,main>.verdict{padding:16px 14px}
        .scroll{margin:0 -14px;padding:0 14px}
        h1{font-size:22px}
        .two,.chart-grid,.findings{grid-template-columns:minmax(0,1fr)}
        .axis.time text:nth-of-type(even){display:none}
        .trail,.signatures{grid-template-columns:minmax(0,1fr)}
        .certificate{padding:16px 14px}
        .certificate ul.notes{columns:1}
        .certificate dl.facts{grid-template-columns:1fr}
        .trail>li+li::before{left:50%;top:-10px;transform:translateX(-50%) rotate(135deg)}
        dl.facts{grid-template-columns:1fr;gap:0}
        dl.facts dd{margin-bottom:8px}
        }
        @media print{
        :root{--bg:#fff;--panel:#fff;--ink:#000;--muted:#444;--line:#ccc;--strong-line:#999;--link:#000;--mark:#000;\
        --track:#e6e9ec;--series:#1d5fae;--band:#2a6fc4;--ready:#0d5a2d;--ready-bg:#fff;--ready-fill:#43a06a;\
        --risk:#704300;--risk-bg:#fff;--risk-fill:#e3a02b;--bad:#9c1a14;--bad-bg:#fff;--bad-fill:#d5473e;\
        --unknown:#2f3f8a;--unknown-bg:#fff;--unknown-fill:#8390cf;--silent:#444;--silent-bg:#fff;--silent-fill:#b9c1c8}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
        body{font-size:10.5pt}
        main,.bar,.foot{max-width:none;padding-left:0;padding-right:0}
        main>section,.panel,main>.verdict{border-radius:0;border-width:0 0 1px;padding:10px 0}
        main>.verdict{border-left-width:6px;padding-left:14px}
        .jump,.skip,.bar nav,.on-screen,form{display:none}
        .scroll{overflow:visible;margin:0;padding:0}
        .finding,figure,tr,.trail{break-inside:avoid}
        h2,h3{break-after:avoid}
        .grade{border:1px solid currentColor}
        .certificate{border:0;padding:0;max-width:none;margin:0;font-size:9pt;line-height:1.29}
        .certificate h1{font-size:14pt}
        .certificate h2{font-size:9.5pt;margin-top:7px}
        .certificate .small{font-size:8pt}
        .certificate table,.certificate .notes,.certificate .plain,.certificate dl.facts{font-size:8.5pt}
        .certificate .notes,.certificate .plain{margin-top:2px}
        .certificate dl.facts{gap:1px 20px}
        .certificate .signatures p{margin-top:2px}
        .certificate code{font-size:8pt}
        .certificate .verdict{margin-bottom:8px}
        .certificate .two{gap:0 24px;grid-template-columns:1fr 1fr}
        .certificate .signatures{grid-template-columns:repeat(3,1fr)}
        .certificate th,.certificate td{padding-top:1px;padding-bottom:1px}
        .certificate tr.group th{padding-top:3px}
        .certificate .grade{font-size:7pt;padding:0 5px 0 4px;gap:3px;line-height:1.45}
        .certificate h1 .grade{font-size:12pt;padding:1px 10px 1px 7px}
        .certificate .signatures{margin:8px 0 4px}
        .certificate .signatures .line{margin-top:28px}
        .certificate .signatures .line+.line{margin-top:20px}
        .certificate .signatures p{font-size:8.5pt}
        .certificate p{margin-bottom:3px}
        .certificate li{margin:1px 0}
        body:has(.certificate) .bar,body:has(.certificate) .foot{display:none}
        }
        @page{margin:9mm 14mm}

        """
}
