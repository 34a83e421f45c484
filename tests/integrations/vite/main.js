import 'salesmirror';
