/** The page of the rubric editor (rubric.html): its title follows the language. */
import './rubric-editor';

const TITLES: Readonly<Record<string, string>> = {
  en: 'SalesMirror: rubric editor',
  zh: '销售镜 SalesMirror：评分标准编辑器',
};

function follow(editor: Element): void {
  const adopt = () => {
    const title = TITLES[editor.getAttribute('lang') ?? ''] ?? TITLES.en ?? '';
    document.title = title;
    const heading = document.querySelector('h1');
    if (heading) heading.textContent = title;
  };
  new MutationObserver(adopt).observe(editor, { attributeFilter: ['lang'] });
  adopt();
}

const editor = document.querySelector('sales-mirror-rubric-editor');
if (editor) follow(editor);
