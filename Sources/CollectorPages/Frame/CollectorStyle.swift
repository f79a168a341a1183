/// What the collector's pages need beside the style that all pages share.
enum CollectorStyle {
    static let css: StaticString = """
        .bar nav{display:flex;gap:4px 18px;flex:1;align-items:center}
        .bar nav a{color:var(--ink);text-decoration:none;padding:2px 0;border-bottom:2px solid transparent}
        .bar nav a:hover{border-bottom-color:var(--strong-line)}
        .bar nav a[aria-current]{border-bottom-color:var(--series);font-weight:600}
        .bar form{display:flex;gap:10px;align-items:center;font-size:14px;color:var(--muted)}
        .crumbs{font-size:14px;margin:0 0 10px;color:var(--muted)}
        .crumbs ol{display:flex;flex-wrap:wrap;gap:4px;list-style:none;margin:0;padding:0}
        .crumbs li+li::before{content:"/";margin-right:4px;color:var(--strong-line)}
        button,select,input{font:inherit;font-size:14px;color:var(--ink);background:var(--panel);\
        border:1px solid var(--strong-line);border-radius:6px;padding:6px 10px;min-height:34px;max-width:100%}
        button{cursor:pointer;font-weight:600}
        button:hover{border-color:var(--muted)}
        button.main{background:var(--link);border-color:var(--link);color:#fff}
        label{font-size:13px;color:var(--muted);display:block;margin:0 0 3px}
        .page-head{margin:4px 0 14px}
        .page-head p{margin:4px 0 0}
        .counts{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:8px;list-style:none;margin:0 0 10px;padding:0}
        .counts a{display:block;background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:10px 14px;\
        text-decoration:none;color:var(--ink);border-top:3px solid var(--c,var(--strong-line))}
        .counts a:hover{border-color:var(--strong-line);border-top-color:var(--c,var(--strong-line))}
        .counts a[aria-current]{outline:2px solid var(--c,var(--ink));outline-offset:-1px}
        .counts .figure{font-size:24px;font-weight:600;line-height:1.2;display:block}
        .counts .name{font-size:13px;color:var(--w,var(--muted));display:inline-flex;gap:5px;align-items:center}
        .counts .ready{--c:var(--ready-fill);--w:var(--ready)}
        .counts .risk{--c:var(--risk-fill);--w:var(--risk)}
        .counts .bad{--c:var(--bad-fill);--w:var(--bad)}
        .counts .unknown{--c:var(--unknown-fill);--w:var(--unknown)}
        .counts .silent{--c:var(--silent-fill);--w:var(--silent)}
        .proportions{display:block;width:100%;height:8px;margin:0 0 16px;border-radius:4px;overflow:hidden}
        .fill.ready{fill:var(--ready-fill)}
        .fill.risk{fill:var(--risk-fill)}
        .fill.bad{fill:var(--bad-fill)}
        .fill.unknown{fill:var(--unknown-fill)}
        .fill.silent{fill:var(--silent-fill)}
        .filter{display:flex;flex-wrap:wrap;gap:10px 14px;align-items:flex-end;margin:0 0 14px}
        .filter .grow{flex:1 1 220px}
        .filter .grow input{width:100%}
        table.fleet td,table.fleet th{vertical-align:middle;padding-top:8px;padding-bottom:8px}
        table.fleet tbody th a{font-weight:600}
        table.fleet th:first-child{width:19%}
        table.fleet th:last-child{width:96px}
        table.fleet .trend-cell{width:168px}
        table.fleet tr.silent th{box-shadow:inset 3px 0 0 var(--silent-fill)}
        table.fleet tr.silent{background:repeating-linear-gradient(135deg,transparent 0 7px,var(--silent-bg) 7px 9px)}
        table.fleet tbody th{padding-left:10px}
        table.fleet thead th:first-child{padding-left:10px}
        table.fleet .stand{display:grid;grid-template-columns:128px minmax(0,1fr);gap:0 14px;align-items:center}
        table.fleet .stand .grade{justify-self:start}
        .trend{width:148px;height:22px;display:block}
        .trend .none{fill:var(--line)}
        .pager{display:flex;justify-content:space-between;gap:12px;margin-top:14px;font-size:14px}
        .empty{text-align:left;padding:8px 0}
        .empty pre,.command{background:var(--silent-bg);border-radius:6px;padding:10px 14px;display:block;overflow-x:auto}
        .ranges{display:flex;flex-wrap:wrap;gap:6px;list-style:none;margin:0;padding:0;font-size:14px}
        .ranges a{display:block;border:1px solid var(--line);border-radius:6px;padding:3px 12px;text-decoration:none;\
        background:var(--panel)}
        .ranges a[aria-current]{border-color:var(--ink);color:var(--ink);font-weight:600}
        .chart-head{display:flex;flex-wrap:wrap;gap:10px 24px;justify-content:space-between;align-items:flex-end}
        .chart-head form{display:flex;gap:8px;align-items:flex-end}
        .hours .frame{--plot:110px}
        .grades .frame{--plot:56px}
        .narrow{max-width:420px;margin:8vh auto 0}
        .narrow h1{margin:0 0 12px}
        .narrow form p{margin:0 0 14px}
        .narrow input{width:100%}
        .alert{border-left:4px solid var(--bad-fill);background:var(--bad-bg);color:var(--ink);padding:8px 14px;\
        border-radius:0 6px 6px 0}
        .status{font-size:13px;color:var(--muted)}
        .hint{color:var(--muted);font-size:13px}
        @media (prefers-color-scheme:dark){button.main{color:#0c1420}}
        @media screen and (max-width:960px){.counts{grid-template-columns:repeat(3,minmax(0,1fr))}}
        @media screen and (max-width:760px){
        table.fleet .trend-cell{display:none}
        table.fleet{table-layout:fixed}
        table.fleet th:first-child{width:36%}
        table.fleet th:last-child,table.fleet td:last-child{width:19%;white-space:normal;padding-right:0}
        table.fleet tbody th a{font-size:14px}
        table.fleet tbody th,table.fleet thead th:first-child{padding-left:6px;overflow-wrap:break-word;hyphens:auto}
        table.fleet .stand{grid-template-columns:minmax(0,1fr)}
        table.fleet td,table.fleet th{padding-right:8px}
        table.fleet .grade{white-space:nowrap}
        .counts a{padding:8px 10px}
        .counts .figure{font-size:20px}
        .counts .name{font-size:12px;gap:4px}
        .bar nav{flex-basis:100%;order:3}
        .bar form{margin-left:auto}
        }
        @media print{
        .bar nav,.bar form,.crumbs,.pager,.filter,.ranges{display:none}
        .counts{grid-template-columns:repeat(6,1fr)}
        .counts .figure{font-size:14pt}
        .counts .name{font-size:8pt;gap:3px}
        .counts a{padding:6px 8px}
        table.fleet{font-size:9pt}
        table.fleet .trend-cell,.trend{width:112px}
        table.fleet td,table.fleet th{padding-top:3px;padding-bottom:3px}
        }

        """
}
